package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.bench.Browsers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Browsers that read, and one that never does, leave the run as it is.
class ManyBrowsersTest {

    private static final int BROWSERS = 50;
    private static final int WATCHED_TURNS = 600;
    private static final Pattern ADDRESS = Pattern.compile("dashboard  (http://127\\.0\\.0\\.1:\\d+)");
    private static final String[] RUN = {"train", "--preset", "ring-2014", "--exit", "--set", "batch=16", "--set",
        "generator.layers=dense 16 leaky-relu, output", "--set", "discriminator.layers=dense 16 leaky-relu, output", "--set", "samples.every=50",
        "--set", "compute.threads=1", "--set", "compute.kernels=simd", "--set", "dashboard.port=0", "--run-dir"};

    @TempDir
    private Path temp;

    @Test
    void fiftyBrowsersAndOneThatNeverReadsChangeNothing() throws Exception {
        var watched = start("watched", "--steps", "1000000000");
        var address = URI.create(watched.await(ADDRESS));
        long end;
        try (var browsers = new Browsers(address, BROWSERS); var client = HttpClient.newHttpClient()) {
            end = endAfter(client, address, WATCHED_TURNS);
            assertEquals(0, watched.end(), watched::output);
            assertTrue(browsers.frames() > BROWSERS, () -> "the browsers saw only " + browsers.frames() + " frames");
        } finally {
            watched.kill();
        }

        var alone = start("alone", "--no-dashboard", "--steps", Long.toString(end));
        assertEquals(0, alone.end(), alone::output);
        assertEquals(alone.line("weights sha256 "), watched.line("weights sha256 "));
    }

    private Program start(String name, String... more) throws Exception {
        return Program.start(temp.resolve(name + ".log"), Program.BRIEF, Program.with(Program.with(RUN, temp.resolve(name).toString()), more));
    }

    /// Lets a run go on for that many turns and then end.
    ///
    /// @return the turn it ends with
    private static long endAfter(HttpClient client, URI address, int turns) throws Exception {
        long end = ask(client, "POST", address.resolve("/api/run/stop"), "").get("step").asLong() + turns;
        ask(client, "PATCH", address.resolve("/api/run/settings"), "{\"steps\": " + end + "}");
        ask(client, "POST", address.resolve("/api/run/resume"), "");
        return end;
    }

    private static JsonNode ask(HttpClient client, String method, URI path, String body) throws Exception {
        var answer = client.send(HttpRequest.newBuilder(path).header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
        return new JsonMapper().readTree(answer.body());
    }
}
