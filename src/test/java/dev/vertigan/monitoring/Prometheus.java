package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// A real Prometheus on a free port.
final class Prometheus implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final String address;

    /// Skips the test if there is none.
    ///
    /// @param folder its data go here; the configuration and the rules lie here already
    Prometheus(Path folder) throws IOException {
        log = folder.resolve("prometheus.log");
        process = Tool.named("prometheus").builder(folder, "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:0").redirectOutput(log.toFile()).start();
        await("it listens", () -> LISTENING.matcher(log()).find());
        var found = LISTENING.matcher(log());
        assertTrue(found.find());
        address = "http://127.0.0.1:" + found.group(1);
        await("it is ready", () -> get("/-/ready").statusCode() == 200);
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Looks until it is so; the machine decides how long that takes.
    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, () -> "expected that " + what + "; Prometheus said:\n" + log());
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /// What an expression is now: one entry a series.
    JsonNode query(String expression) {
        var answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            var json = new JsonMapper().readTree(answer.body());
            assertEquals("success", json.path("status").asText(), () -> expression + ": " + answer.body());
            return json.path("data").path("result");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    boolean fires(String alert) {
        return !query("ALERTS{alertstate=\"firing\", alertname=\"" + alert + "\"}").isEmpty();
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }
}
