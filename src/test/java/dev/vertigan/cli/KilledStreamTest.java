package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.LongForm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run on rows that are pushed while it trains is killed in the middle of a push again and again: what was answered is there, and it comes to the
/// same weights as a run that had the same rows in each epoch and was never stopped.
class KilledStreamTest {

    private static final int RECORD = 12; // bytes: two float32 and a CRC
    private static final int MOST_PUSHES = 30; // in one life
    private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1");
    private static final Pattern ADDRESS = Pattern.compile("dashboard  (http://127\\.0\\.0\\.1:\\d+)");
    private static final String[] RUN = Stream.concat(Stream.of("train", "--preset", "ring-2014"), Stream.of("data.name=stream", "data.columns=x, y",
            "data.size=160", "batch=16", "generator.layers=dense 16 leaky-relu, output", "discriminator.layers=dense 16 leaky-relu, output",
            "checkpoint.every=20", "checkpoint.keep=100000", "samples.every=500", "compute.threads=1", "compute.kernels=simd", "dashboard.port=0",
            "evaluation.share=0").flatMap(setting -> Stream.of("--set", setting))).toArray(String[]::new);

    @TempDir
    private Path temp;

    private final Random random = new Random(3);
    private final List<Integer> answered = new ArrayList<>(); // numbers of rows
    private int sent;

    @Test
    void aStreamKilledInAPushIsTheSameRun() throws Exception {
        kill(2);
    }

    @Test
    @Tag("long")
    void aStreamKilledInManyPushesIsTheSameRun() throws Exception {
        kill(LongForm.of(10, 60));
    }

    private void kill(int kills) throws Exception {
        var run = temp.resolve("run");
        for (int kill = 0; kill < kills; kill++) {
            var program = Program.start(temp.resolve("log"), FLAGS, Files.exists(run.resolve("config.json"))
                    ? new String[] {"resume", run.toString(), "--set", "dashboard.port=0"}
                    : Program.with(RUN, "--run-dir", run.toString()));
            pushAndKill(program, run.resolve("stream/epochs.bin"));
        }
        var steps = steps(run);
        String end = Long.toString(steps.getLast() + 100);
        String hash = play(run, end);

        var rows = ByteBuffer.wrap(Files.readAllBytes(run.resolve("stream/rows.bin")));
        var kept = IntStream.range(0, rows.capacity() / RECORD).mapToObj(row -> (int) rows.getFloat(row * RECORD)).toList();
        assertEquals(kept.stream().sorted().distinct().toList(), kept, "each row once, in the order they were sent");
        assertTrue(kept.containsAll(answered), () -> "what was answered is there: " + answered + " in " + kept);
        assertTrue(size(run.resolve("stream/epochs.bin")) / RECORD > kills, "rows came while it trained");

        for (long step : steps(run)) {
            if (step > 0) {
                Files.delete(run.resolve(String.format(Locale.ROOT, "checkpoints/step-%09d.safetensors", step)));
            }
        }
        assertEquals(hash, play(run, end), "from its beginning, without a stop");
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private String play(Path run, String end) throws Exception {
        var program = Program.start(temp.resolve("log"), FLAGS, "resume", run.toString(), "--no-dashboard", "--steps", end);
        assertEquals(0, program.end(), program::output);
        return program.line("weights sha256 ");
    }

    private static List<Long> steps(Path run) throws IOException {
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches("step-\\d+\\.safetensors"))
                    .map(name -> Long.parseLong(name.replaceAll("\\D", ""))).sorted().toList();
        }
    }

    /// Pushes until an epoch has begun, and some more, and kills.
    private void pushAndKill(Program program, Path epochs) throws Exception {
        String address = program.await(ADDRESS);
        long before = size(epochs);
        try (var client = HttpClient.newHttpClient()) {
            push(client, address, 20).join();
            while (size(epochs) == before) {
                client.send(HttpRequest.newBuilder(URI.create(address + "/health/live")).build(), BodyHandlers.discarding());
            }
            for (int push = random.nextInt(MOST_PUSHES); push > 0; push--) {
                push(client, address, 1 + random.nextInt(8)).join();
            }
            var last = push(client, address, 8);
            program.kill();
            try {
                last.join();
            } catch (CompletionException e) {
                // the answer was lost
            }
            client.shutdownNow();
        }
    }

    /// Pushes rows that are numbered.
    private CompletableFuture<Void> push(HttpClient client, String address, int count) {
        var numbers = IntStream.range(sent, sent + count).boxed().toList();
        sent += count;
        String body = numbers.stream().map(number -> "[" + number + ", " + number % 7 + "]").collect(Collectors.joining(",", "{\"rows\": [", "]}"));
        return client.sendAsync(HttpRequest.newBuilder(URI.create(address + "/api/data")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()).thenAccept(answer -> answered(answer, numbers));
    }

    private void answered(HttpResponse<String> answer, List<Integer> numbers) {
        assertEquals(200, answer.statusCode(), answer::body);
        answered.addAll(numbers);
    }
}
