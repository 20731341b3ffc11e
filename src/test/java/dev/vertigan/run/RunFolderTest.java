package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.vertigan.config.UserError;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    private static final long BUDGET = 1 << 20;
    private static final String CONFIG = "{\"seed\": 1}\n";

    @TempDir
    Path runs;

    private Path path;

    @BeforeEach
    void name() {
        path = runs.resolve("deep").resolve("run");
    }

    @Test
    void holdsAllThereIsOfARun() throws Exception {
        try (var run = RunFolder.create(path, CONFIG)) {
            assertEquals(path, run.path());
            assertEquals(CONFIG, run.configJson());
            run.journal().append(0, Journal.Kind.START);
            run.metrics().append(Samples.report(10));
            run.checkpoints().write(Samples.checkpoint(10), 2);
            run.saveSample(fakes(10, Picture.Format.PNG), BUDGET);
            assertEquals(Optional.empty(), run.checkpoints().newestVerified().filter(newest -> newest.step() != 10));
        }
        assertEquals(CONFIG, RunReader.config(path));
        try (var run = RunFolder.open(path)) {
            assertEquals(CONFIG, run.configJson());
            assertEquals(1, run.journal().position());
            assertEquals(List.of(Samples.report(10)), run.metrics().since(0, 10));
            assertTrue(Samples.same(Samples.checkpoint(10), run.recover().checkpoint().orElseThrow()));
            assertEquals(Set.of(10L), run.sampled().keySet());
        }
        try (var files = Files.list(path)) {
            assertEquals(List.of("checkpoints", "config.json", "journal.jsonl", "metrics.jsonl", "run.lock", "samples"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void neverTakesOverWhatIsThere() throws Exception {
        RunFolder.create(path, CONFIG).close();
        refuses("resume", () -> RunFolder.create(path, "{}"));
        assertEquals(CONFIG, RunReader.config(path));

        Path other = Files.createDirectory(runs.resolve("other"));
        Files.writeString(other.resolve("thesis.txt"), "");
        refuses("thesis.txt", () -> RunFolder.create(other, CONFIG));
        assertEquals(1, other.toFile().list().length);

        Path file = Files.createFile(runs.resolve("file"));
        refuses("already", () -> RunFolder.create(file, CONFIG));
        refuses(file.toString(), () -> RunFolder.create(file.resolve("run"), CONFIG));
        RunFolder.create(Files.createDirectory(runs.resolve("empty")), CONFIG).close();
    }

    /// Making a folder cut short after each of its steps: opening explains, making finishes.
    @Test
    void aFolderHalfMadeCanBeFinished() throws Exception {
        List<String> steps = List.of("", "run.lock", "checkpoints/", "samples/", "config.json.tmp");
        for (int made = 1; made <= steps.size(); made++) {
            Path half = Files.createDirectory(runs.resolve("half-" + made));
            for (String step : steps.subList(0, made)) {
                if (step.endsWith("/")) {
                    Files.createDirectory(half.resolve(step));
                } else if (!step.isEmpty()) {
                    Files.writeString(half.resolve(step), "{\"se");
                }
            }
            refuses("train --run-dir", () -> RunFolder.open(half));
            RunFolder.create(half, CONFIG).close();
            RunFolder.open(half).close();
        }
        Path whole = Files.createDirectory(runs.resolve("whole")); // config.json there, the rest not yet: a run
        Files.writeString(whole.resolve("config.json"), CONFIG);
        RunFolder.open(whole).close();
    }

    @Test
    void checkpointsWithoutAConfigurationAreNotTakenOver() throws Exception {
        Files.createDirectories(path.resolve("checkpoints"));
        Files.createFile(path.resolve("checkpoints").resolve("step-000000010.safetensors"));
        refuses("empty folder", () -> RunFolder.create(path, CONFIG));
    }

    @Test
    void openingWhatIsNoRunIsExplained() throws Exception {
        refuses("nothing", () -> RunFolder.open(path));
        refuses("a file", () -> RunFolder.open(Files.createFile(runs.resolve("file"))));
        Path bad = Files.createDirectory(runs.resolve("bad"));
        Files.write(bad.resolve("config.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
        refuses("UTF-8", () -> RunFolder.open(bad));
    }

    @Test
    void anUnwritableFolderIsExplained() throws Exception {
        Path parent = Files.createDirectory(runs.resolve("locked"));
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
        assumeFalse(!parent.toFile().setWritable(false), "needs file permissions");
        refuses("no permission", () -> RunFolder.create(parent.resolve("run"), CONFIG));
    }

    /// Even a bad attempt must not free the lock: another process is tried after one in this process.
    @Test
    void oneProcessARun() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (var run = RunFolder.create(path, CONFIG)) {
            refuses("process " + pid, () -> RunFolder.open(path));
            refuses("process " + pid, () -> RunFolder.open(Files.createSymbolicLink(runs.resolve("link"), path)));
            Process child = Child.start(List.of(), "hold", path.toString());
            child.getOutputStream().close(); // should it get the lock, it is to end
            String said = new String(child.getInputStream().readAllBytes());
            assertEquals(2, child.waitFor());
            assertTrue(said.contains(path + ": ") && said.contains("process " + pid), said);
            run.journal().append(0, Journal.Kind.START);
        }
        RunFolder.open(path).close();
    }

    @Test
    void aKilledProcessHoldsNoRun() throws Exception {
        RunFolder.create(path, CONFIG).close();
        Process child = Child.start(List.of(), "hold", path.toString());
        try (var output = child.inputReader()) {
            String pid = output.readLine();
            refuses("process " + pid, () -> RunFolder.open(path));
            assertEquals(CONFIG, RunReader.config(path)); // looking is allowed
            assertTrue(RunReader.newest(path).checkpoint().isEmpty());
            Child.kill(child, output);
        }
        RunFolder.open(path).close();
    }

    @Test
    void aFailedOpenFreesTheLock() throws Exception {
        RunFolder.create(path, CONFIG).close();
        Files.writeString(path.resolve("journal.jsonl"), "bad\nbad\n");
        refuses("line 1", () -> RunFolder.open(path));
        Files.delete(path.resolve("journal.jsonl"));
        RunFolder.open(path).close();
    }

    @Test
    void neverStartsOverSilently() throws Exception {
        try (var run = RunFolder.create(path, CONFIG)) {
            run.journal().append(0, Journal.Kind.START);
            run.report(Samples.report(1));
            assertTrue(run.recover().checkpoint().isEmpty(), "a run that never had a checkpoint starts over");
            assertTrue(run.metrics().newest().isEmpty(), "and kept no report");
            run.save(Samples.checkpoint(0), Retention.ofNewest(2));
        }
        refusesToStartOverWithoutCheckpoints();
    }

    /// Versions before the first checkpoint was journalled.
    @Test
    void neverStartsOverWhatAnEarlierVersionReported() throws Exception {
        try (var run = RunFolder.create(path, CONFIG)) {
            run.journal().append(0, Journal.Kind.START);
            run.metrics().append(Samples.report(1));
        }
        refusesToStartOverWithoutCheckpoints();
    }

    private void refusesToStartOverWithoutCheckpoints() throws IOException {
        try (var files = Files.newDirectoryStream(path.resolve("checkpoints"))) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        try (var run = RunFolder.open(path)) {
            refuses("Starting over would lose the run", run::recover);
        }
    }

    @Test
    void refusesAJournalThatLostEntries() throws Exception {
        try (var run = RunFolder.create(path, CONFIG)) {
            run.journal().append(0, Journal.Kind.START);
            run.journal().append(5, Journal.Kind.EDIT);
            run.checkpoints().write(new Checkpoint(10, Samples.checkpoint(10).tensors(), Map.of(Checkpoint.JOURNAL_POSITION, "2")), 2);
            assertEquals(10, run.recover().checkpoint().orElseThrow().step());
        }
        List<String> lines = Files.readAllLines(path.resolve("journal.jsonl"));
        Files.write(path.resolve("journal.jsonl"), lines.subList(0, 1));
        try (var run = RunFolder.open(path)) {
            refuses("at least the 2 entries", run::recover);
        }
    }

    @Test
    void rewindsReportsAndPictures() {
        try (var run = RunFolder.create(path, CONFIG)) {
            for (long step = 1; step <= 5; step++) {
                run.metrics().append(Samples.report(step));
                run.saveSample(fakes(step, Picture.Format.POINTS), BUDGET);
            }
            run.saveScene(new Scene(2, "[]", new byte[4]), BUDGET);
            run.saveScene(new Scene(4, "[]", new byte[4]), BUDGET);
            run.saveScene(new Scene(1_000, "[]", new byte[4]), BUDGET);
            assertEquals(List.of(2L, 4L), List.copyOf(run.staged().keySet()), "with the pictures they belong to");
            run.rewindTo(3);
            assertEquals(List.of(2L), List.copyOf(run.staged().keySet()));
            assertEquals(3, run.metrics().newest().orElseThrow().step());
            assertEquals(Set.of(1L, 2L, 3L), run.sampled().keySet());
        }
    }

    @Test
    void picturesAreNamedAfterTheirStep() throws Exception {
        try (var run = RunFolder.create(path, CONFIG)) {
            var picture = fakes(1000, Picture.Format.PNG);
            assertEquals("fakes-000001000.png", run.saveSample(picture, BUDGET).getFileName().toString());
            run.saveSample(fakes(2000, Picture.Format.POINTS), BUDGET);
            run.saveSample(new Picture(Picture.Source.REAL, Picture.Format.PNG, 0, 1, 1, 1, new byte[0]), BUDGET);
            assertEquals(List.of(1000L, 2000L), List.copyOf(run.sampled().keySet()));
            assertArrayEquals(picture.bytes(), Files.readAllBytes(run.sampled().get(1000L)));
            assertTrue(run.sampled().get(2000L).toString().endsWith("fakes-000002000.f32"));
        }
    }

    /// A full disk is played by telling what it says.
    @Test
    void picturesAreGivenUpForACheckpoint() {
        try (var run = RunFolder.create(path, CONFIG)) {
            for (long step = 1; step <= 100; step++) {
                run.saveSample(fakes(step, Picture.Format.PNG), BUDGET);
            }
            run.makeRoom(1000, () -> 2000);
            assertEquals(100, run.sampled().size(), "there was room");
            run.makeRoom(1000, () -> run.sampled().size() > 30 ? 0 : 1000);
            assertEquals(25, run.sampled().size());
            assertEquals(100, run.sampled().lastKey());
            run.makeRoom(1000, () -> 0); // there is never room: then it is for the checkpoint to fail
            assertTrue(run.sampled().isEmpty());
        }
    }

    @Test
    void defaultNamesAreFree() throws IOException {
        LocalDate date = LocalDate.of(2026, 11, 21);
        for (String expected : List.of("2026-11-21-digits", "2026-11-21-digits-2", "2026-11-21-digits-3")) {
            Path free = RunFolders.defaultPath(runs, date, "digits");
            assertEquals(runs.resolve(expected), free);
            Files.createDirectory(free);
        }
    }

    private static Picture fakes(long step, Picture.Format format) {
        return new Picture(Picture.Source.FAKE, format, step, 2, 1, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) step});
    }

    private interface Attempt {

        Object make() throws IOException;
    }

    private static void refuses(String message, Attempt attempt) {
        var failure = assertThrows(UserError.class, attempt::make);
        assertTrue(failure.getMessage().contains(message), failure::getMessage);
    }
}
