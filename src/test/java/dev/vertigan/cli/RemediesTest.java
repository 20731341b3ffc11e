package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bisect` tries from before the turn that it finds is what a fork made there would come to.
class RemediesTest {

    private static final String STEPS = "40";
    private static final String COUNT = "500";
    private static final String REMEDY = "generator.optimiser.rate=1e-3, linear to 1e-4 at 10k, game.realLabel=0.9";

    @TempDir
    Path folder;

    private String train() {
        String run = folder.resolve("run").toString();
        var trained = Shell.run("train", "--preset", "ring-2014", "--no-dashboard", "--run-dir", run, "--steps", STEPS, "--set", "batch=16", "--set",
                "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "compute.threads=1", "--set",
                "generator.optimiser.rate=0.05", "--set", "emaDecay=0.5");
        assertEquals(0, trained.code(), trained.err());
        return run;
    }

    private static double forwardKl(String run, long step) throws IOException {
        var evaluated = Shell.run("evaluate", run, "--step", Long.toString(step), "--count", COUNT, "--sets", "1", "--json");
        assertEquals(0, evaluated.code(), evaluated.err());
        return new JsonMapper().readTree(evaluated.out()).get("figures").get("forwardKl").get("samples").asDouble();
    }

    private static String row(Shell shell, String name) {
        return shell.out().lines().filter(line -> line.startsWith(name + " ")).findFirst().orElseThrow(() -> new AssertionError(shell.out()));
    }

    @Test
    void eachComesToWhatAForkOfTheSameSettingsComesTo() throws IOException {
        String run = train();
        double first = forwardKl(run, 0);
        double last = forwardKl(run, Long.parseLong(STEPS));
        String when = String.format(Locale.ROOT, "forwardKl %s %.6f", last < first ? "<" : ">", (first + last) / 2);
        long checkpoints = Files.list(Path.of(run, "checkpoints")).count();
        var found = Shell.run("bisect", run, "--when", when, "--count", COUNT, "--for", "5", "--try", REMEDY, "--try",
                "discriminator.optimiser.rate=1e30", "--keep", folder.resolve("kept").toString());
        assertEquals(0, found.code(), found.err());
        var turn = Pattern.compile("(?m)^turn (\\d+)$").matcher(found.out());
        assertTrue(turn.find(), found.out());
        long before = Long.parseLong(turn.group(1)) - 1;

        String plain = folder.resolve("plain").toString();
        assertEquals(0, Shell.run("fork", run, "--at", Long.toString(before), "--into", plain).code());
        String kept = folder.resolve("kept/try-1").toString();
        for (var fork : List.of(plain, kept)) {
            var resumed = Shell.run("resume", fork, "--no-dashboard", "--steps", Long.toString(before + 5));
            assertEquals(0, resumed.code(), resumed.err());
        }
        for (var pair : List.of(List.of("unchanged", plain), List.of(REMEDY, kept))) {
            String figure = String.format(Locale.ROOT, "%.4f", forwardKl(pair.getLast(), before + 5));
            String row = row(found, pair.getFirst());
            assertTrue(row.contains(" " + figure), () -> figure + " in\n" + found.out());
        }
        assertTrue(row(found, "discriminator.optimiser.rate=1e30").contains("expected finite numbers"), found.out());
        assertEquals(checkpoints, Files.list(Path.of(run, "checkpoints")).count(), "the run itself is only read");
    }

    @Test
    void whatCannotBeTriedIsSaidBeforeAnythingIsPlayed() {
        String run = train();
        for (var wrong : List.of("game.realLabel=7", "data.modes=5", "compute.kernels=nd4j", "batch", "generator.rate=1")) {
            var shell = Shell.run("bisect", run, "--when", "modes < 6", "--try", wrong);
            assertEquals(2, shell.code(), wrong);
            assertTrue(shell.err().contains("--try " + wrong) || shell.err().contains("--try: expected path=value"), shell.err());
        }
        assertEquals(2, Shell.run("bisect", run, "--when", "modes < 6", "--try", "batch=32", "--for", "0").code());
        assertEquals(2, Shell.run("bisect", run, "--when", "modes < 6", "--keep", "somewhere").code());
        assertFalse(Files.exists(Path.of("somewhere")));
    }

    @Test
    void aCommaBelongsToAValueUnlessASettingFollows() {
        assertEquals(List.of(new Assignment("a.b", "dense 8 relu, output", "--try a.b=dense 8 relu, output"), new Assignment("c", "1", "--try  c=1")),
                Assignment.parseAll("--try", "a.b=dense 8 relu, output, c=1"));
        assertThrows(UserError.class, () -> Assignment.parseAll("--try", "a"));
    }
}
