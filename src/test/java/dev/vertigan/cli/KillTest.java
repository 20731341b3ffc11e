package dev.vertigan.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.LongForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real program, killed again and again while it writes checkpoints, comes to the same weights as if it had never been.
@Tag("long") // `KillUnderLoadTest` has the fast case
class KillTest {

    private static final int KILLS = LongForm.of(8, 20);
    private static final int MOST_EVENTS = 12; // in the folder of checkpoints before a kill: a write is several, so kills hit writes too
    private static final String[] RUN = {"train", "--preset", "ring-2014", "--no-dashboard", "--steps", "4000", "--set", "batch=32", "--set",
        "generator.layers=dense 32 leaky-relu, output", "--set", "discriminator.layers=dense 32 leaky-relu, output", "--set", "checkpoint.every=20",
        "--set", "samples.every=100", "--set", "compute.threads=1", "--run-dir"};

    @TempDir
    private Path temp;

    @Test
    void killsChangeNothing() throws Exception {
        var uninterrupted = Program.start(temp.resolve("uninterrupted.log"), Program.with(RUN, temp.resolve("uninterrupted").toString()));
        assertEquals(0, uninterrupted.end());
        String expected = uninterrupted.line("weights sha256 ");

        var folder = temp.resolve("killed");
        var random = new Random(1);
        long newest = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            boolean begun = Files.exists(folder.resolve("config.json"));
            Files.createDirectories(folder.resolve("checkpoints"));
            try (var watch = folder.getFileSystem().newWatchService()) {
                folder.resolve("checkpoints").register(watch, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
                var program = Program.start(temp.resolve("killed.log"),
                        begun ? new String[] {"resume", folder.toString(), "--no-dashboard"} : Program.with(RUN, folder.toString()));
                await(watch, program, 1 + random.nextInt(MOST_EVENTS));
                assertTrue(program.isAlive(), () -> "the run ended before it could be killed:\n" + program.output());
                program.kill();
            }
            long now = newestCheckpoint(folder);
            assertTrue(now >= newest, "kill %d: the newest checkpoint went from step %d back to %d".formatted(kill, newest, now));
            newest = now;
        }
        var last = Program.start(temp.resolve("last.log"), "resume", folder.toString(), "--no-dashboard");
        assertEquals(0, last.end(), last::output);
        assertEquals(expected, last.line("weights sha256 "));
    }

    private static void await(WatchService watch, Program program, int events) throws InterruptedException {
        for (int seen = 0; seen < events && program.isAlive();) {
            var key = watch.poll(60, TimeUnit.SECONDS);
            assertTrue(key != null, () -> "no checkpoint within a minute:\n" + program.output());
            seen += key.pollEvents().size();
            key.reset();
        }
    }

    private static long newestCheckpoint(Path folder) throws IOException {
        try (var files = Files.list(folder.resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches("step-\\d+\\.safetensors"))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", ""))).max().orElse(0);
        }
    }
}
