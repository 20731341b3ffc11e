package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs through the commands.
class PlayTest {

    @TempDir
    Path folder;

    private Shell train(String name, String... more) {
        var words = new ArrayList<>(List.of("train", "--preset", "ring-2014", "--no-dashboard", "--run-dir", folder.resolve(name).toString(),
                "--set", "batch=16", "--set", "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output",
                "--set", "compute.threads=1", "--set", "samples.count=4"));
        words.addAll(List.of(more));
        return Shell.run(words.toArray(String[]::new));
    }

    private static String hash(Shell shell) {
        assertEquals(0, shell.code(), shell.err());
        return shell.out().lines().filter(line -> line.startsWith("weights sha256 ")).findFirst()
                .orElseThrow(() -> new AssertionError("no hash in\n" + shell.out())).substring("weights sha256 ".length());
    }

    @Test
    void theSameRunGivesTheSameHashAlsoInTwoPartsAndWithADashboard() {
        String whole = hash(train("whole", "--steps", "40"));
        assertTrue(whole.matches("[0-9a-f]{64}"), whole);
        String other = hash(train("other", "--steps", "40", "--seed", "2"));
        String half = hash(train("parts", "--steps", "20"));
        String rest = hash(Shell.run("resume", folder.resolve("parts").toString(), "--steps", "40", "--no-dashboard"));
        var served = Shell.run("train", "--config", folder.resolve("whole/config.json").toString(), "--exit", "--set", "dashboard.port=0",
                "--run-dir", folder.resolve("served").toString());
        assertAll(
                () -> assertNotEquals(whole, other, "another seed"),
                () -> assertNotEquals(whole, half, "half the turns"),
                () -> assertEquals(whole, rest, "in two parts"),
                () -> assertEquals(whole, hash(served), "with a dashboard"),
                () -> assertTrue(served.out().contains("dashboard  http://127.0.0.1:"), served.out()));
    }

    @Test
    void theSameLineBeginsARunAndGoesOnWithIt() throws IOException {
        String whole = hash(train("whole", "--steps", "40"));
        hash(train("service", "--steps", "20", "--or-resume"));
        assertEquals(whole, hash(train("service", "--steps", "40", "--or-resume")));
        assertEquals(whole, hash(train("service", "--steps", "40", "--or-resume")));
        String journal = Files.readString(folder.resolve("service/journal.jsonl"));
        assertEquals(2, journal.split("\"kind\":\"edit\",\"details\":\\{\"steps\":40}", -1).length, "journalled once:\n" + journal);
        var other = train("service", "--steps", "40", "--or-resume", "--seed", "2");
        assertEquals(1, other.code());
        assertTrue(other.err().contains("found one of other settings"), other.err());
    }

    @Test
    void aStepIsPlayedAgainAndAForkComesToTheSame() throws IOException {
        String whole = hash(train("run", "--steps", "40"));
        String run = folder.resolve("run").toString();
        String fork = folder.resolve("fork").toString();
        var picture = folder.resolve("a.png");
        var state = folder.resolve("a.safetensors");
        assertEquals(whole, hash(Shell.run("replay", run, "--to", "40", "--out", picture.toString(), "--checkpoint", state.toString())));
        assertTrue(Files.size(picture) > 0);
        assertTrue(Files.size(state) > 1_000);
        String[] forking = {"fork", run, "--at", "17", "--into", fork};
        assertEquals(2, Shell.run(Program.with(forking, "--set", "game.realLabel=7")).code());
        var made = Shell.run(forking);
        assertEquals(0, made.code(), made.err());
        assertEquals(whole, hash(Shell.run("resume", fork, "--no-dashboard")));
        assertEquals(2, Shell.run(forking).code(), "it is there already");
        assertEquals(2, Shell.run("replay", run, "--to", "-1").code());
        var tournament = Shell.run("tournament", run, fork, "--count", "100");
        assertEquals(0, tournament.code(), tournament.err());
        assertTrue(tournament.out().contains("run 40") && tournament.out().contains("fork 40"), tournament.out());
        assertEquals(2, Shell.run("bisect", run, "--when", "modes = 6").code());
        var never = Shell.run("bisect", run, "--when", "modes < 0", "--count", "100");
        assertEquals(1, never.code());
        assertTrue(never.err().contains("found none"), never.err());
        assertTrue(Shell.run("bisect", run, "--when", "frechet < 0", "--count", "100").err().contains("expected one of modes"));
    }

    @Test
    void theEffectiveConfigurationIsWrittenIntoTheRun() throws IOException {
        hash(train("run", "--steps", "1", "--seed", "7"));
        var config = RunConfig.fromJson(Files.readString(folder.resolve("run/config.json")), "config.json");
        assertAll(
                () -> assertEquals(7, config.seed()),
                () -> assertEquals(16, config.batch()),
                () -> assertEquals(Choice.DataSet.RING, config.data().name()));
    }

    @Test
    void aRunCannotBecomeAnotherByResuming() {
        hash(train("run", "--steps", "1"));
        var shell = Shell.run("resume", folder.resolve("run").toString(), "--set", "batch=32", "--no-dashboard");
        assertEquals(2, shell.code());
        assertTrue(shell.err().contains("batch: 32 instead of 16; begin a new run"), shell.err());
    }

    /// As the advice after a NaN says: lower the rates, then resume. The journal keeps it, so a resume from before gives the same again.
    @Test
    void liveSettingsChangeOnResume() throws IOException {
        String unchanged = hash(train("unchanged", "--steps", "20"));
        hash(train("run", "--steps", "10"));
        var run = folder.resolve("run").toString();
        String[] resume = {"resume", run, "--no-dashboard", "--steps", "20"};
        String edited = hash(Shell.run(Program.with(resume, "--set", "generator.optimiser.rate=1e-4", "--set", "report.every=5")));
        assertNotEquals(unchanged, edited);
        Files.delete(folder.resolve("run/checkpoints/step-000000020.safetensors"));
        assertEquals(edited, hash(Shell.run(resume)));
        var journal = Files.readString(folder.resolve("run/journal.jsonl"));
        assertTrue(journal.contains("\"generator.optimiser.rate\":1.0E-4") || journal.contains("\"generator.optimiser.rate\":0.0001"), journal);
        var wrong = Shell.run(Program.with(resume, "--set", "generator.optimiser.rate=-1"));
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().contains("generator.optimiser.rate: expected"), wrong.err());
    }

    @Test
    void aRunWithoutItsCheckpointsIsNotStartedOver() throws Exception {
        hash(train("run", "--steps", "20"));
        assertRefusedWithoutCheckpoints(folder.resolve("run"));
    }

    @Test
    void norIsAKilledOne() throws Exception {
        var run = Files.createDirectory(folder.resolve("killed"));
        var program = Program.start(folder.resolve("killed.log"), "train", "--preset", "ring-2014", "--no-dashboard", "--run-dir", run.toString(),
                "--set", "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "report.every=1");
        program.awaitContent(run.resolve("metrics.jsonl"));
        program.kill();
        assertRefusedWithoutCheckpoints(run);
    }

    private static void assertRefusedWithoutCheckpoints(Path run) throws IOException {
        try (var checkpoints = Files.newDirectoryStream(run.resolve("checkpoints"))) {
            int removed = 0;
            for (var checkpoint : checkpoints) {
                Files.delete(checkpoint);
                removed++;
            }
            assertTrue(removed > 0, "the first report comes after the first checkpoint");
        }
        var reports = Files.readAllBytes(run.resolve("metrics.jsonl"));
        var resumed = Shell.run("resume", run.toString(), "--steps", "40", "--no-dashboard");
        assertAll(
                () -> assertEquals(1, resumed.code(), resumed.out()),
                () -> assertTrue(resumed.err().contains("Starting over would lose the run"), resumed.err()),
                () -> assertArrayEquals(reports, Files.readAllBytes(run.resolve("metrics.jsonl"))));
    }

    @Test
    void samplesAreDrawnAsAPictureAndAsAnArray() throws IOException {
        hash(train("run", "--steps", "5"));
        var png = folder.resolve("grid.png");
        var npy = folder.resolve("samples.npy");
        var shell = Shell.run("sample", folder.resolve("run").toString(), "--count", "100", "--out", png.toString(), "--npy", npy.toString());
        assertAll(
                () -> assertEquals(0, shell.code(), shell.err()),
                () -> assertTrue(ImageIO.read(png.toFile()).getWidth() > 0),
                () -> assertEquals(128 + 100 * 2 * Float.BYTES, Files.size(npy)),
                () -> assertTrue(shell.out().contains("step 5"), shell.out()));
        var nowhere = Shell.run("sample", folder.resolve("run").toString(), "--out", folder.resolve("no/grid.png").toString());
        assertEquals(2, nowhere.code());
        assertTrue(nowhere.err().contains("no/grid.png: expected a folder to write the file in"), nowhere.err());
    }
}
