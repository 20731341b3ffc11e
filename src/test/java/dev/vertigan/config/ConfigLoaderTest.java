package dev.vertigan.config;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    static final List<String> PRESETS = ConfigLoader.PRESETS;

    @TempDir
    Path folder;

    private static RunConfig set(String... assignments) {
        return new ConfigLoader().load("digits", Optional.empty(), Arrays.stream(assignments).map(Assignment::parse).toList());
    }

    private static String error(String... assignments) {
        return assertThrows(UserError.class, () -> set(assignments)).getMessage();
    }

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("my.json"), json);
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void everyPresetLoads(String preset) {
        new ConfigLoader().load(preset, Optional.empty(), List.of());
    }

    @Test
    void laterSourcesWin() throws IOException {
        var file = file("""
                {"batch": 32, "steps": 7, "game": {"objective": "minimax"}}""");
        var config = new ConfigLoader().load("ring-2014", Optional.of(file), List.of(Assignment.parse("batch=16")));
        assertAll(
                () -> assertEquals(16, config.batch(), "--set over file"),
                () -> assertEquals(Choice.Objective.MINIMAX, config.game().objective(), "file over default"),
                () -> assertEquals(Choice.Schedule.ALTERNATING, config.game().schedule(), "neighbours of what a file sets keep their value"),
                () -> assertEquals(Choice.DataSet.RING, config.data().name(), "preset over default"),
                () -> assertEquals(7, config.steps()));
    }

    @Test
    void valuesOnTheCommandLineAreJsonOrPlainWords() {
        var config = set("seed=-3", "steps=1e6", "data.dir=/data/my digits", "generator.layers=dense 32 relu, output sigmoid",
                "discriminator.layers=[\"dense 8\", \"output\"]", "game={\"discriminatorSteps\": 2, \"realLabel\": 0.9}", "dashboard.token=12345");
        assertAll(
                () -> assertEquals(-3, config.seed()),
                () -> assertEquals(1_000_000, config.steps()),
                () -> assertEquals("/data/my digits", config.data().dir()),
                () -> assertEquals(List.of("dense 32 relu", "output sigmoid"), config.generator().layers()),
                () -> assertEquals(List.of("dense 8", "output"), config.discriminator().layers()),
                () -> assertEquals(2, config.game().discriminatorSteps()),
                () -> assertEquals(0.9, config.game().realLabel()),
                () -> assertEquals("12345", config.dashboard().token()));
    }

    @Test
    void allProblemsAreToldAtOnceEachWithItsPlace() throws IOException {
        var file = file("""
                {"batch": 0, "gaem": {"objective": "minimax"}, "data": {"modes": "eight", "szie": 3}, "game": 5}""");
        String message = assertThrows(UserError.class, () -> new ConfigLoader().load("digits", Optional.of(file),
                List.of(Assignment.parse("generator.optimiser.rate=fast"), Assignment.parse("objective=minimax")))).getMessage();
        assertEquals("""
                the configuration has 7 problems:
                  batch: expected a whole number from 1 to 65536, found 0 (FILE)
                  gaem: unknown setting; did you mean game? (FILE)
                  data.modes: expected a whole number from 1 to 65536, found "eight" (FILE)
                  data.szie: unknown setting; did you mean data.size? (FILE)
                  game: expected settings {objective, schedule, discriminatorSteps, realLabel, instanceNoise, \
                penalty, branch, pack, augmentation}, found 5 (FILE)
                  generator.optimiser.rate: expected a number, or a schedule as in \
                "0.002, constant until 500k, exponential to 1e-5 at 2M", found "fast" (--set generator.optimiser.rate=fast)
                  objective: unknown setting; did you mean game.objective? (--set objective=minimax)""",
                message.replace(file.toString(), "FILE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch=0", "batch=65537", "batch=1.5", "batch=true", "batch=null", "steps=-1", "seed=1e30", "seed=9223372036854775808",
        "data.name=minst", "data.size=0", "data.scale=none", "data.extent=3", "data.extent=513", "data.channels=2", "data.channels=\"3\"",
        "data.channels=true",
        "data.modes=0", "data.spread=0", "data.deviation=-1", "latent.size=0",
        "latent.distribution=cauchy", "generator.layers=[]", "generator.layers=[1]", "generator.init.weights=xavier", "generator.init.range=0",
        "generator.init.outputBias=one", "generator.optimiser.name=adamw", "generator.optimiser.rate=0", "generator.optimiser.rate=1e999",
        "generator.optimiser.rateDecay=0.9", "generator.optimiser.minRate=-1", "generator.optimiser.momentum=1",
        "generator.optimiser.finalMomentum=-0.1", "generator.optimiser.momentumEpochs=-1", "generator.optimiser.beta1=1",
        "discriminator.optimiser.beta2=1.5", "discriminator.optimiser.epsilon=0", "emaDecay=1", "emaDecay=NaN", "game.objective=wgan",
        "game.schedule=random", "game.discriminatorSteps=0", "game.realLabel=0", "game.realLabel=1.1", "game.instanceNoise=-0.1",
        "report.every=0", "samples.every=0", "samples.count=0", "checkpoint.every=0", "checkpoint.keep=1", "compute.threads=-1",
        "compute.kernels=gpu", "generator.optimiser.rate=1e-39", "game.instanceNoise=1e39", "dashboard.port=65536", "dashboard.port=-1",
        "dashboard.host=", "dashboard={}extra"})
    void valuesOutOfRangeAreRefusedByName(String assignment) {
        String path = assignment.substring(0, assignment.indexOf('='));
        String message = error(assignment);
        assertTrue(message.contains("a problem:\n  " + path + ": expected "), message);
        assertTrue(message.endsWith("(--set " + assignment + ")"), message);
    }

    @ParameterizedTest
    @CsvSource({"game.objektive,game.objective", "emadecay,emaDecay", "rate,generator.optimiser.rate", "data.name.x,data.name",
        "generator.optimizer.rate,generator.optimiser.rate", "optimizer,optimiser", "port,dashboard.port", "generator.lairs,generator.layers",
        "learning_rate,generator.optimiser.rate", "learningRate,generator.optimiser.rate",
        "d.rate,generator.optimiser.rate", "discriminator.lr.rate,discriminator.optimiser.rate", "batch_size,batch", "label_smoothing,game.realLabel",
        "discriminator_learning_rate,discriminator.optimiser.rate"})
    void unknownSettingsNameTheNearest(String path, String nearest) {
        String message = error(path + "=1");
        assertTrue(message.contains(path + ": unknown setting; did you mean "), message);
        assertTrue(message.contains(nearest + "?"), message);
    }

    @Test
    void aNameThatIsNoneIsAnsweredWithTheNearest() {
        assertTrue(error("data.name=minst").contains("found \"minst\"; did you mean mnist?"), error("data.name=minst"));
    }

    @Test
    void whatDoesNotFitAndWhatContradictsAreToldTogether() {
        String message = error("batch=-4", "seed=abc", "discriminator.init.outputBias=data-marginals", "generator.optimiser.rate=fast",
                "generator.optimiser.minRate=1");
        for (var path : List.of("batch", "seed", "discriminator.init.outputBias", "generator.optimiser.rate")) {
            assertTrue(message.contains("\n  " + path + ": "), message);
        }
        assertTrue(!message.contains("minRate: "), "held against a default nobody wants: " + message);
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertAll(
                () -> assertEquals("::1", set("dashboard.host=::1").dashboard().host()),
                () -> assertTrue(error("batch=6", "shards=4").contains("shards: expected a divisor of batch, 6, found 4")),
                () -> assertTrue(error("game.objective=hinge", "game.realLabel=0.9").contains("game.realLabel: expected 1, as the objective hinge")),
                () -> assertEquals(0.9, set("game.objective=least-squares", "game.realLabel=0.9").game().realLabel()),
                () -> assertTrue(error("data.name=grid", "data.modes=24").contains("data.modes: expected a square")),
                () -> assertTrue(error("data.name=images").contains("data.dir: expected the folder of the images")),
                () -> assertEquals("photos.zip", set("data.name=images", "data.dir=photos.zip").data().dir()),
                () -> assertTrue(error("generator.optimiser.minRate=1").contains("generator.optimiser.minRate: expected at most the rate")),
                () -> assertTrue(error("discriminator.init.outputBias=data-marginals").contains("discriminator.init.outputBias")));
    }

    @Test
    void furtherChecksAreToldWithTheSourceOfWhatTheyRefuse() {
        ConfigLoader.Check check = (config, problems) -> problems.add("batch", "expected an odd number, found " + config.batch());
        var loader = new ConfigLoader(List.of(check));
        assertTrue(assertThrows(UserError.class, () -> loader.load("digits", Optional.empty(), List.of(Assignment.parse("batch=2")))).getMessage()
                .endsWith("batch: expected an odd number, found 2 (--set batch=2)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"batch\": 1} x", "{\"batch\": 1, \"batch\": 2}", "[1]", "\"digits\"", "{'batch': 1}"})
    void aFileThatIsNoObjectIsToldWithItsName(String json) throws IOException {
        var file = file(json);
        String message = assertThrows(UserError.class, () -> new ConfigLoader().load("digits", Optional.of(file), List.of())).getMessage();
        assertTrue(message.contains(file.toString()), message);
        assertTrue(message.contains("expected"), message);
    }

    @Test
    void aFileThatCannotBeReadIsToldWithItsName() throws IOException {
        var latin = Files.write(folder.resolve("latin.json"), new byte[] {'{', (byte) 0xE9, '}'});
        for (var path : List.of(folder.resolve("nowhere.json"), folder, latin)) {
            String message = assertThrows(UserError.class, () -> new ConfigLoader().load("digits", Optional.of(path), List.of())).getMessage();
            assertTrue(message.startsWith(path + ": expected "), message);
        }
    }

    @Test
    void unknownPresetsNameTheNearest() {
        String message = assertThrows(UserError.class, () -> new ConfigLoader().load("rign", Optional.empty(), List.of())).getMessage();
        assertTrue(message.contains("did you mean ring?"), message);
    }

    @Test
    void anAssignmentNeedsAPathAndAValue() {
        for (String text : List.of("batch", "=1", "")) {
            assertThrows(UserError.class, () -> Assignment.parse(text));
        }
    }
}
