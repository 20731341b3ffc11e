package dev.vertigan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.vertigan.values.Request;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Which room may know which.
class ArchitectureRulesTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.vertigan");

    private static String in(String room) {
        return "dev.vertigan." + room + "..";
    }

    @TestFactory
    Stream<DynamicTest> roomsKnowOnlyTheRoomsBelow() {
        return Stream.of(
                rule("domain knows no Vert.x", noClasses()
                        .that().resideInAnyPackage(in("config"), in("tensor"), in("nn"), in("objective"), in("game"), in("data"), in("run"),
                                in("cuda"), in("picture"), in("duel"), in("export"), in("evaluation"), in("table"), in("baseline"))
                        .should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..")),
                rule("no cycles between packages", slices().matching("dev.vertigan.(*)..").should().beFreeOfCycles()),
                rule("nobody knows the commands", noClasses().that().resideOutsideOfPackage(in("cli"))
                        .should().dependOnClassesThat().resideInAnyPackage(in("cli"))),
                rule("evaluation knows no game", noClasses().that().resideInAPackage(in("evaluation"))
                        .should().dependOnClassesThat().resideInAnyPackage(in("game"), in("objective"), in("train"))),
                rule("objectives know no networks", noClasses().that().resideInAPackage(in("objective"))
                        .should().dependOnClassesThat().resideInAnyPackage(in("nn"), in("game"))),
                rule("tensors and objectives know none of their users", noClasses().that().resideInAnyPackage(in("tensor"), in("objective"))
                        .should().dependOnClassesThat(resideInAnyPackage(in("nn"), in("game"), in("data"), in("run"), in("train"), in("bus"),
                                in("dashboard"), in("metrics")))),
                rule("the core of tensors knows no implementation of its kernels", noClasses().that().resideInAPackage("dev.vertigan.tensor")
                        .should().dependOnClassesThat().resideInAnyPackage(in("tensor.simd"), in("tensor.blas"), in("tensor.cuda"), in("tensor.nd4j"),
                                in("compute"), in("cuda"))),
                rule("implementations do not know each other",
                        slices().matching("dev.vertigan.tensor.(simd|cuda|nd4j)").should().notDependOnEachOther()),
                rule("no cycles between the rooms of tensors", slices().matching("dev.vertigan.tensor.(*)").should().beFreeOfCycles()),
                rule("ND4J's types are known in one room only", noClasses().that().resideOutsideOfPackage(in("tensor.nd4j"))
                        .should().dependOnClassesThat().resideInAnyPackage("org.nd4j..")),
                rule("onnxruntime may be missing, so one class knows it", noClasses()
                        .that().haveNameNotMatching("dev[.]vertigan[.]evaluation[.]OnnxFeatures([$].*)?")
                        .should().dependOnClassesThat().resideInAnyPackage("ai.onnxruntime..")),
                rule("hashes are made in one place", noClasses().that().doNotHaveFullyQualifiedName("dev.vertigan.config.Sha256")
                        .should().callMethodWhere(target(name("getInstance")).and(target(owner(assignableTo(MessageDigest.class)))))),
                rule("implementations are chosen in one room", noClasses().that().resideOutsideOfPackages(in("compute"), in("tensor"))
                        .should().dependOnClassesThat().resideInAnyPackage(in("tensor.simd"), in("tensor.cuda"), in("tensor.nd4j"))),
                rule("cards know no other room", noClasses().that().resideInAPackage(in("cuda"))
                        .should().dependOnClassesThat(resideInAnyPackage("dev.vertigan..").and(not(resideInAnyPackage(in("cuda")))))),
                rule("values know no other room, and nothing that computes, sends or stores", noClasses().that().resideInAPackage(in("values"))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("dev.vertigan..", "io.vertx..", "io.netty..", "org.nd4j..", "io.micrometer..")
                                .and(not(resideInAnyPackage(in("values")))))),
                rule("configuration knows no other room", noClasses().that().resideInAPackage(in("config"))
                        .should().dependOnClassesThat(resideInAnyPackage("dev.vertigan..").and(not(resideInAnyPackage(in("config")))))));
    }

    /// By rooms, as paths from class to class are too many to walk.
    @TestFactory
    Stream<DynamicTest> whatARoomMustNotKnowItDoesNotKnowThroughOthersEither() {
        var known = known();
        return Stream.of(
                distant(known, "config", "game", "data", "run", "nn", "objective", "tensor", "bus", "train", "dashboard", "cli", "io.vertx"),
                distant(known, "values", "game", "data", "run", "nn", "objective", "tensor", "bus", "train", "dashboard", "cli", "io.vertx"),
                distant(known, "objective", "nn", "game", "train", "bus", "io.vertx"),
                distant(known, "tensor", "nn", "objective", "game", "train", "compute", "cuda", "tensor.simd", "tensor.blas", "tensor.cuda",
                        "tensor.nd4j", "org.nd4j", "io.vertx"),
                distant(known, "nn", "game", "objective", "train", "bus", "compute", "org.nd4j", "io.vertx"),
                distant(known, "game", "train", "run", "bus", "compute", "org.nd4j", "io.vertx"),
                distant(known, "data", "game", "nn", "train", "run", "bus", "io.vertx"),
                distant(known, "evaluation", "game", "objective", "train", "bus", "io.vertx"),
                distant(known, "baseline", "game", "objective", "train", "run", "bus", "io.vertx"),
                distant(known, "run", "game", "nn", "train", "bus", "io.vertx"),
                distant(known, "picture", "game", "nn", "train", "bus", "io.vertx"),
                distant(known, "export", "train", "bus", "io.vertx"),
                distant(known, "table", "game", "train", "run", "bus", "io.vertx"),
                distant(known, "bus", "train", "dashboard", "cli"),
                distant(known, "train", "dashboard", "cli"),
                distant(known, "dashboard", "train", "cli"));
    }

    private static DynamicTest distant(Map<String, Set<String>> known, String room, String... others) {
        return DynamicTest.dynamicTest(room, () -> {
            var reached = new TreeMap<String, String>(); // room → by which way
            reach(known, room, room, reached);
            assertTrue(reached.size() > 1, "the rule sees the room");
            for (var other : others) {
                assertNull(reached.get(other), () -> room + " knows " + other + " by " + reached.get(other));
            }
        });
    }

    private static void reach(Map<String, Set<String>> known, String room, String way, Map<String, String> reached) {
        if (reached.putIfAbsent(room, way) == null) {
            known.getOrDefault(room, Set.of()).forEach(next -> reach(known, next, way + " → " + next, reached));
        }
    }

    /// What each room knows itself: rooms, and libraries by the first two words of their names.
    private static Map<String, Set<String>> known() {
        var known = new TreeMap<String, Set<String>>();
        for (var type : PRODUCT) {
            var rooms = known.computeIfAbsent(room(type), _ -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().forEach(dependency -> rooms.add(room(dependency.getTargetClass())));
        }
        return known;
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (name.startsWith("dev.vertigan.")) {
            return name.substring("dev.vertigan.".length());
        }
        var words = name.split("\\.");
        return words.length < 2 ? name : words[0] + "." + words[1];
    }

    @TestFactory
    Stream<DynamicTest> onlyTheCommandsPrintOrExit() {
        return Stream.of(
                rule("System.out and System.err", noClasses().that().resideOutsideOfPackage(in("cli"))
                        .should().accessField(System.class, "out").orShould().accessField(System.class, "err")),
                rule("exit and halt", noClasses().that().doNotHaveFullyQualifiedName("dev.vertigan.cli.Main")
                        .should().callMethodWhere(target(name("exit").or(name("halt"))).and(target(owner(assignableTo(System.class)
                                .or(assignableTo(Runtime.class))))))),
                rule("printStackTrace", noClasses().should().callMethod(Throwable.class, "printStackTrace")
                        .orShould().callMethod(Throwable.class, "printStackTrace", PrintStream.class)));
    }

    @Test
    void nothingIsSerialisedByJava() {
        noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class)
                .orShould().dependOnClassesThat().areAssignableTo(ObjectOutputStream.class).check(PRODUCT);
    }

    /// A request's address is its name, whatever room or interface it is declared in.
    @Test
    void everyRequestHasAnAddressOfItsOwn() {
        var names = PRODUCT.stream().filter(type -> type.isAssignableTo(Request.class) && !type.isInterface()).map(JavaClass::getSimpleName).toList();
        assertTrue(names.size() > 20, names::toString);
        assertEquals(List.copyOf(new TreeSet<>(names)), names.stream().sorted().toList());
    }

    @Test
    void theRulesSeeTheProgram() {
        assertEquals(List.of(true, true), List.of(PRODUCT.contain("dev.vertigan.cli.Main"), PRODUCT.contain("dev.vertigan.nn.Network")));
        assertThrows(AssertionError.class, () -> noClasses().that().resideInAPackage(in("train")).should().dependOnClassesThat()
                .resideInAPackage("io.vertx..").check(PRODUCT), "a rule that is broken must say so");
    }

    private static DynamicTest rule(String name, ArchRule rule) {
        return DynamicTest.dynamicTest(name, () -> rule.check(PRODUCT));
    }
}
