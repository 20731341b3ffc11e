package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.LongForm;
import dev.vertigan.run.CheckpointStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real training run, and crowds of clients that are silent, slow or deaf.
class CrowdTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UPGRADE = "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    private static final String LARGEST = "GET /lib/echarts.esm.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// Small, and all there from the beginning: what grows is not garbage, and what a crowd holds has to fit beside the run.
    private static final List<String> HEAP = List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch");

    @TempDir
    private Path temp;

    private final List<Socket> crowd = new ArrayList<>();
    private Program program;
    private int port;

    @AfterEach
    void end() throws Exception {
        for (var socket : crowd) {
            socket.close();
        }
        if (program != null) {
            program.kill();
        }
    }

    /// @param descriptors the process may have
    private void train(int descriptors) throws IOException, InterruptedException {
        program = Program.startLimited(descriptors, temp.resolve("log"), HEAP, "train", "--preset", "ring-2014", "--run-dir",
                temp.resolve("run").toString(),
                "--set",
                "dashboard.port=0", "--set", "checkpoint.every=1000000000", "--set", "compute.threads=1");
        while (!program.output().contains("dashboard  http")) {
            assertTrue(program.isAlive(), program::output);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        port = URI.create(program.line("dashboard  ")).getPort();
    }

    private Socket join(String text) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        crowd.add(socket);
        return socket;
    }

    /// Connections that come faster than others go are closed as they come, so whoever is, asks again.
    private JsonNode ask(String method, String path) throws IOException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            try {
                return askOnce(method, path);
            } catch (IOException e) {
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    private JsonNode askOnce(String method, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofMinutes(2))
                    .method(method, HttpRequest.BodyPublishers.noBody()).build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
            return JSON.readTree(answer.body());
        }
    }

    private void assertACheckpointSucceeds() throws IOException, InterruptedException {
        long saved = ask("POST", "/api/run/checkpoint").get("checkpointStep").asLong();
        assertEquals(saved, CheckpointStore.recover(temp.resolve("run").resolve("checkpoints")).checkpoint().orElseThrow().step());
        assertTrue(List.of("RUNNING", "STOPPED").contains(ask("GET", "/api/run").get("status").get("state").asText()));
    }

    @Test
    void silentSocketsDoNotTakeTheDescriptorsOfCheckpoints() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "descriptors are limited by a shell");
        train(300);
        for (int i = 0; i < 400; i++) {
            join("");
        }
        assertACheckpointSucceeds();
    }

    /// Of `seconds`: turns a second.
    private double speed(int seconds) throws IOException, InterruptedException {
        long before = ask("GET", "/api/run").get("status").get("step").asLong();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        long after = ask("GET", "/api/run").get("status").get("step").asLong();
        return (after - before) * 1e9 / (System.nanoTime() - start);
    }

    private long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow() / 1024;
    }

    /// 1,000 idle, 100 slow and 100 that never read, for a minute, or less in the short form; who is dropped comes back.
    @Test
    @Tag("long")
    void aCrowdCostsNeitherTurnsNorMemoryNorAnswers() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "resident memory is read from /proc");
        train(8192);
        int seconds = LongForm.of(5, 10);
        speed(seconds); // until all is compiled
        double quiet = speed(2 * seconds);
        long memory = residentMegabytes();
        gather();
        long slowest = 0;
        double turns = 0;
        int rounds = LongForm.of(3, 6);
        for (int round = 0; round < rounds; round++) {
            turns += speed(seconds) / rounds;
            comeBack();
            long start = System.nanoTime();
            ask("GET", "/health/live");
            slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        long grown = residentMegabytes() - memory;
        assertACheckpointSucceeds();
        for (var socket : crowd) {
            socket.close();
        }
        quiet = (quiet + speed(2 * seconds)) / 2;
        String figures = "%.0f turns a second instead of %.0f (%.1f %%), %d MB more, /health/live in at most %d ms".formatted(turns, quiet,
                100 * turns / quiet, grown, slowest);
        System.out.println("crowd: " + figures); // how fast is for a quiet machine to say
        assertTrue(grown < 64, figures);
    }

    private void gather() throws IOException {
        for (int i = 0; i < 1000; i++) {
            join("");
        }
        for (int i = 0; i < 100; i++) {
            join("GET / HTTP/1.1\r\nX: ");
            join(i % 2 == 0 ? UPGRADE : LARGEST.repeat(5));
        }
    }

    /// Slow ones send another byte; those that were dropped are replaced.
    private void comeBack() throws IOException {
        var members = List.copyOf(crowd);
        for (int i = 0; i < members.size(); i++) {
            boolean slow = i >= 1000 && i % 2 == 0;
            var socket = members.get(i);
            try {
                socket.setSoTimeout(1);
                if (slow) {
                    socket.getOutputStream().write('x');
                } else if (i < 1000 && socket.getInputStream().read() < 0) {
                    throw new SocketException("dropped");
                }
            } catch (java.net.SocketTimeoutException open) {
                continue;
            } catch (SocketException dropped) {
                socket.close();
                crowd.set(i, join(slow ? "GET / HTTP/1.1\r\nX: " : ""));
                crowd.removeLast();
            }
        }
    }
}
