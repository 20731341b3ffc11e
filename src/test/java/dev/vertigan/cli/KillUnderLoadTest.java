package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.LongForm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One run, watched and steered while it writes checkpoints and pictures, is killed at random moments again and again, and comes to the same
/// weights as its journal played without a stop.
class KillUnderLoadTest {

    private static final int BROWSERS = 3;
    private static final int LONGEST_MILLIS = 500; // from the first answer to the kill
    private static final Pattern ADDRESS = Pattern.compile("dashboard  (http://127\\.0\\.0\\.1:\\d+)");
    private static final Pattern SAVED = Pattern.compile("step-(\\d+)\\.safetensors");
    private static final String[] RUN = {"train", "--preset", "ring-2014", "--set", "batch=16", "--set",
        "generator.layers=dense 16 leaky-relu, output",
        "--set", "discriminator.layers=dense 16 leaky-relu, output", "--set", "checkpoint.every=20", "--set", "samples.every=50", "--set",
        "report.every=5", "--set", "compute.threads=1", "--set", "compute.kernels=simd", "--set", "dashboard.port=0", "--run-dir"};

    @TempDir
    private Path temp;

    @Test
    void killsUnderLoadChangeNothing() throws Exception {
        kill(2);
    }

    @Test
    @Tag("long")
    void manyKillsUnderLoadChangeNothing() throws Exception {
        kill(LongForm.of(20, 1_000));
    }

    private void kill(int kills) throws Exception {
        var run = temp.resolve("run");
        var random = new Random(7);
        int edits = 0;
        for (int kill = 0; kill < kills; kill++) {
            var program = Program.start(temp.resolve("log"), Program.BRIEF, Files.exists(run.resolve("config.json"))
                    ? new String[] {"resume", run.toString(), "--set", "dashboard.port=0"}
                    : Program.with(RUN, run.toString()));
            edits += load(program, random, random.nextInt(LONGEST_MILLIS));
            assertTrue(program.isAlive(), program::output);
            program.kill();
        }
        assertTrue(edits >= kills, "only " + edits + " edits in " + kills + " lives");
        long end = newest(run) + 50;
        String killed = play(run, end);

        var replay = temp.resolve("replay");
        assertEquals(0,
                Program.start(temp.resolve("log"), Program.BRIEF, Program.with(RUN, replay.toString(), "--steps", "1", "--no-dashboard")).end());
        Files.delete(replay.resolve("checkpoints/step-000000001.safetensors"));
        Files.delete(replay.resolve("metrics.jsonl"));
        Files.copy(run.resolve("journal.jsonl"), replay.resolve("journal.jsonl"), StandardCopyOption.REPLACE_EXISTING);
        assertEquals(play(replay, end), killed, edits + " edits, " + end + " turns");
    }

    private String play(Path run, long steps) throws Exception {
        var program = Program.start(temp.resolve("log"), Program.BRIEF, "resume", run.toString(), "--no-dashboard", "--steps", Long.toString(steps));
        assertEquals(0, program.end(), program::output);
        return program.line("weights sha256 ");
    }

    private static long newest(Path run) throws IOException {
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return files.map(file -> SAVED.matcher(file.getFileName().toString())).filter(name -> name.matches())
                    .mapToLong(name -> Long.parseLong(name.group(1))).max().orElseThrow();
        }
    }

    /// Watches and steers a program from its first answer on, for that long.
    ///
    /// @return how many edits were answered
    private static int load(Program program, Random random, int millis) throws Exception {
        String address = program.await(ADDRESS);
        int edits = 0;
        try (var client = HttpClient.newHttpClient()) {
            for (int browser = 0; browser < BROWSERS; browser++) {
                client.newWebSocketBuilder().buildAsync(URI.create(address.replace("http", "ws") + "/live"), new WebSocket.Listener() {}).join()
                        .request(Long.MAX_VALUE);
            }
            long begun = System.nanoTime();
            do {
                int status = client.send(HttpRequest.newBuilder(URI.create(address + "/api/run/settings")).header("Content-Type", "application/json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(edit(random))).build(), BodyHandlers.ofString()).statusCode();
                assertEquals(200, status);
                edits++;
                client.send(HttpRequest.newBuilder(URI.create(address + "/api/history?since=0")).build(), BodyHandlers.discarding());
                client.send(HttpRequest.newBuilder(URI.create(address + "/api/samples")).build(), BodyHandlers.discarding());
                new CountDownLatch(1).await(random.nextInt(50), TimeUnit.MILLISECONDS); // as people pause
            } while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(millis));
            client.shutdownNow();
        } catch (CompletionException e) {
            throw new IOException(program.output(), e);
        }
        return edits;
    }

    private static String edit(Random random) {
        String rate = List.of("1e-4", "2e-4", "5e-4", "1e-3").get(random.nextInt(4));
        return random.nextBoolean() ? "{\"generator.optimiser.rate\": " + rate + "}"
                : "{\"discriminator.optimiser.rate\": " + rate + ", \"game.discriminatorSteps\": " + (1 + random.nextInt(2)) + "}";
    }
}
