package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A run whose output nobody reads: a stopped pager, a log collector that hangs.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "fills a pipe by a shell")
class UnreadOutputTest {

    private static final int TERMINATED = 143;

    @TempDir
    Path folder;

    @Test
    void playsAndSavesWhenToldToEnd() throws Exception {
        var run = Files.createDirectory(folder.resolve("run"));
        var program = Program.startUnread(folder.resolve("log"), "train", "--preset", "ring-2014", "--no-dashboard", "--run-dir", run.toString(),
                "--set",
                "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "checkpoint.every=1000000");
        program.awaitContent(run.resolve("metrics.jsonl"));
        program.interrupt();
        assertEquals(TERMINATED, program.end(), program::output);
        try (var saved = RunFolder.open(run)) {
            long step = saved.recover().checkpoint().orElseThrow().step();
            assertTrue(step > 0, program.output());
            assertEquals(step, saved.journal().entries(Journal.Kind.STOP).getLast().step());
        }
    }
}
