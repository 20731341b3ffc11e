package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// How runs begin and go on when something is in the way.
class StartTest {

    @TempDir
    Path folder;

    private String[] train(String... more) {
        var words = new ArrayList<>(List.of("train", "--preset", "ring-2014", "--run-dir", run().toString(), "--steps", "20", "--set",
                "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "compute.threads=1"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private Path run() {
        return folder.resolve("run");
    }

    private Path checkpoint(int step) {
        return run().resolve("checkpoints/step-0000000" + (step < 10 ? "0" : "") + step + ".safetensors");
    }

    private Shell resume(String... more) {
        return Shell.run(Program.with(new String[] {"resume", run().toString(), "--no-dashboard"}, more));
    }

    /// What shows best where nothing is asked for; what fits any images where other data are.
    @Test
    void labelsAreAskedForByDefaultButNotOfOtherData() throws IOException {
        for (boolean own : List.of(false, true)) {
            Path run = folder.resolve("own" + own);
            var trained = Shell.run("train", "--steps", "1", "--set", own ? "data.size=100" : "batch=8", "--no-dashboard", "--run-dir",
                    run.toString());
            assertEquals(0, trained.code(), trained.err());
            assertEquals(own, !Files.readString(run.resolve("config.json")).contains("classes 10"));
        }
    }

    @Test
    void aTakenPortLeavesNoFolderBehind() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var refused = Shell.run(train("--exit", "--set", "dashboard.port=" + taken.getLocalPort()));
            assertEquals(1, refused.code(), refused.out());
            assertFalse(Files.exists(run()), refused.err());
        }
        var corrected = Shell.run(train("--exit", "--set", "dashboard.port=0"));
        assertEquals(0, corrected.code(), corrected.err());
    }

    @Test
    void aTakenPortLosesNothingOfARunThatGoesOn() throws IOException {
        assertEquals(0, Shell.run(train("--no-dashboard")).code());
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(1, Shell.run("resume", run().toString(), "--exit", "--set", "dashboard.port=" + taken.getLocalPort()).code());
        }
        assertTrue(Files.exists(checkpoint(20)));
        assertEquals(0, resume("--steps", "30").code());
    }

    /// Reading from either would never end, or fail.
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no named pipes in folders")
    void whatIsNoFileIsPassedOver() throws Exception {
        assertEquals(0, Shell.run(train("--no-dashboard")).code());
        assertEquals(0, new ProcessBuilder("mkfifo", checkpoint(30).toString()).start().waitFor());
        Files.createDirectory(checkpoint(40));
        var program = Program.start(folder.resolve("log"), "resume", run().toString(), "--no-dashboard", "--steps", "50");
        assertEquals(0, program.end(), program::output);
        assertTrue(program.output().contains("000000030.safetensors: not a regular file")
                && program.output().contains("000000040.safetensors: a folder, not a file"), program.output());
    }

    @Test
    void aTornLineOfTheJournalIsTold() throws IOException {
        assertEquals(0, Shell.run(train("--no-dashboard")).code());
        Files.writeString(run().resolve("journal.jsonl"), "{\"step\":20,\"ti", StandardOpenOption.APPEND);
        var resumed = resume("--steps", "30");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.err().contains("cut short by a crash and is dropped: '{\"step\":20,\"ti'"), resumed.err());
    }

    @Test
    void turnsThatWereNotSavedAreCounted() throws IOException {
        assertEquals(0, Shell.run(train("--no-dashboard")).code());
        Files.delete(checkpoint(20));
        var resumed = resume();
        var again = resume("--steps", "30");
        assertAll(
                () -> assertEquals(0, resumed.code(), resumed.err()),
                () -> assertTrue(resumed.err().contains("at least 20 turns after step 0 were not saved; they are played again"), resumed.err()),
                () -> assertEquals("", again.err()));
    }
}
