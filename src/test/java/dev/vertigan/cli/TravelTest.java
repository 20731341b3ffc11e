package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.FileThreads;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Assembly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Any step of a run, and a branch from it, over HTTP while the run is served.
class TravelTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path runs;

    private static RunConfig config() {
        return new ConfigLoader().load("ring", Optional.empty(), Stream.of("steps=60", "batch=16", "generator.layers=dense 8 relu, output",
                "discriminator.layers=dense 8 relu, output", "compute.threads=1", "checkpoint.every=25", "samples.every=20", "report.every=5",
                "dashboard.port=0").map(Assignment::parse).toList());
    }

    private record Answer(int status, byte[] body, Optional<String> step) {

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    private record Client(HttpClient http, String page) {

        Answer ask(String method, String path, String body) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(URI.create(page).resolve(path)).header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body(), answer.headers().firstValue("Vertigan-Step"));
        }

        Answer get(String path) throws IOException, InterruptedException {
            return ask("GET", path, "");
        }

        /// Waits until a visit is over.
        JsonNode visited() throws IOException, InterruptedException {
            while (true) {
                var visit = get("/api/visit").json();
                if (!visit.path("state").asText().equals("PLAYING")) {
                    return visit;
                }
            }
        }
    }

    @Test
    void anotherRunIsPlayedInItsPlace() throws IOException, InterruptedException {
        var program = Program.start(runs.resolve("log"), "train", "--preset", "ring", "--run-dir", runs.resolve("parent").toString(), "--set",
                "batch=16",
                "--set", "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "compute.threads=1",
                "--set", "dashboard.port=0");
        try (var http = HttpClient.newHttpClient()) {
            var client = new Client(http, program.await(Pattern.compile("dashboard  (http\\S+)\\s")));
            assertEquals(201, client.ask("POST", "/api/fork", "{\"step\": 30, \"name\": \"fork\", \"settings\": {\"steps\": 60}}").status());
            assertEquals(400, client.ask("POST", "/api/runs/nobody/play", "").status());
            assertEquals(400, client.ask("POST", "/api/runs/parent/play", "").status(), "it is played already");
            assertEquals(202, client.ask("POST", "/api/runs/fork/play", "").status());
            JsonNode now;
            do {
                now = run(client);
            } while (!now.path("info").path("name").asText().equals("fork") || !now.path("status").path("state").asText().equals("FINISHED"));
            assertEquals(60, now.path("status").path("step").asLong());
            assertEquals(Journal.Kind.STOP, RunReader.journal(runs.resolve("parent")).getLast().kind(), "the parent is saved");
            RunFolder.open(runs.resolve("parent")).close(); // and nobody's
        } finally {
            program.interrupt();
            program.end();
        }
    }

    /// While one run is closed and the other opened, nobody answers.
    private static JsonNode run(Client client) throws InterruptedException {
        try {
            return client.get("/api/run").json();
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    @Test
    void anyStepIsShownAndBranchedOffFrom() throws IOException, InterruptedException {
        var config = config();
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        String hash;
        try (var files = new FileThreads(runs);
                var session = new Session(RunFolder.create(runs.resolve("parent"), config.toJson()), config, dataset);
                var http = HttpClient.newHttpClient()) {
            var client = new Client(http, session.start(true).orElseThrow());
            hash = Assembly.await(session.trainer().outcome()).weightsSha256().orElseThrow();
            assertEquals("NONE", client.get("/api/visit").json().path("state").asText());

            var begun = client.ask("POST", "/api/visit", "{\"step\": 40}");
            assertEquals(202, begun.status());
            assertEquals(40, begun.json().path("step").asLong());
            var done = client.visited();
            assertEquals("DONE", done.path("state").asText(), done::toString);
            assertEquals(List.of(25L, 40L), List.of(done.path("from").asLong(), done.path("at").asLong()), "from the nearest checkpoint");
            byte[] picture = client.get("/api/visit/40.f32").body();
            assertArrayEquals(Arrays.copyOfRange(picture, 8 * 11, 8 * 12), client.ask("POST", "/api/explore", "{\"a\": 11, \"step\": 40}").body(),
                    "the latent's place in the picture of then");
            assertEquals(409, client.ask("POST", "/api/explore", "{\"a\": 11, \"step\": 39}").status(), "nobody is there");
            assertEquals(60, Integer.parseInt(client.ask("POST", "/api/explore", "{\"a\": 11}").step().orElseThrow()));
            assertEquals(404, client.get("/api/visit/41.f32").status());
            assertEquals(404, client.get("/api/visit/40.png").status());

            assertEquals(200, client.ask("POST", "/api/run/bookmark", "{\"name\": \"here\"}").status());
            var bookmark = RunReader.journal(runs.resolve("parent")).getLast();
            assertEquals("60 BOOKMARK {\"name\":\"here\"}", bookmark.step() + " " + bookmark.kind() + " " + bookmark.details());

            client.ask("POST", "/api/visit", "{\"step\": 1000000000}");
            assertEquals("ENDED", client.ask("DELETE", "/api/visit", "").json().path("state").asText());
            for (var drawn : client.get("/api/samples").json().path("steps")) { // the last, and those for which the sampler was free
                client.ask("POST", "/api/visit", "{\"step\": " + drawn + "}");
                assertEquals("DONE", client.visited().path("state").asText());
                var file = drawn + ".f32";
                assertArrayEquals(client.get("/api/samples/" + file).body(), client.get("/api/visit/" + file).body(), "what was drawn then");
            }
            client.ask("POST", "/api/visit", "{\"step\": 41}");
            assertEquals("DONE", client.visited().path("state").asText());
            assertEquals(200, client.get("/api/visit/41.f32").status());

            client.ask("POST", "/api/visit", "{\"step\": 50, \"since\": 30}");
            assertEquals("DONE", client.visited().path("state").asText());
            var rows = client.get("/api/visit/reports").json().path("rows");
            assertEquals(List.of(20L, 31L, 50L), List.of((long) rows.size(), rows.get(0).get(0).asLong(), rows.get(19).get(0).asLong()),
                    "every turn");

            for (var wrong : List.of("{}", "{\"step\": -1}", "{\"step\": 5, \"since\": 6}", "{\"step\": 1.5}", "{\"stop\": 1}")) {
                assertEquals(400, client.ask("POST", "/api/visit", wrong).status(), wrong);
            }
            for (var wrong : List.of("{\"step\": 5}", "{\"step\": 5, \"name\": \"../fork\"}", "{\"step\": 5, \"name\": \"a.making\"}",
                    "{\"step\": 5, \"name\": \"parent\"}", "{\"step\": 5, \"name\": \"fork\", \"settings\": {\"batch\": 0}}",
                    "{\"step\": 5, \"name\": \"fork\", \"settings\": {\"latent\": {\"size\": 3}}}",
                    "{\"step\": 5, \"name\": \"fork\", \"settings\": 1}")) {
                assertEquals(400, client.ask("POST", "/api/fork", wrong).status(), wrong);
            }
            var made = client.ask("POST", "/api/fork", "{\"step\": 30, \"name\": \"fork\", \"settings\": {\"game\": {\"instanceNoise\": 0.25}}}");
            assertEquals(201, made.status(), () -> new String(made.body()));
            assertEquals("fork", made.json().path("name").asText());

            assertEquals(200, client.ask("PUT", "/api/runs/fork/notes", "{\"tags\": [\"gentle\"], \"note\": \"try\"}").status());
            assertEquals(404, client.ask("PUT", "/api/runs/nobody/notes", "{}").status());
            assertEquals(400, client.ask("PUT", "/api/runs/fork/notes", "{\"tags\": [1]}").status());
            var list = StreamSupport.stream(client.get("/api/runs").json().path("runs").spliterator(), false).toList();
            assertEquals(List.of("fork", "parent"), list.stream().map(run -> run.path("name").asText()).toList());
            var fork = list.getFirst();
            assertEquals("{\"name\":\"parent\",\"step\":30,\"settings\":{\"game.instanceNoise\":0.25}}", fork.path("parent").toString());
            assertEquals("[\"gentle\"]", fork.path("tags").toString());
            assertEquals(30, fork.path("step").asLong());
            var parent = list.getLast();
            assertTrue(parent.path("current").asBoolean() && parent.path("figures").size() > 5 && parent.path("parent").isNull(), parent::toString);
            assertEquals("bookmark", parent.path("state").asText());
            files.requireNoEventLoop();
        }
        var same = Shell.run("fork", runs.resolve("parent").toString(), "--at", "30", "--into", runs.resolve("same").toString());
        assertEquals(0, same.code(), same.err());
        assertTrue(Shell.run("resume", runs.resolve("same").toString(), "--no-dashboard").out().contains(hash));
        assertTrue(!Shell.run("resume", runs.resolve("fork").toString(), "--no-dashboard").out().contains(hash));
    }
}
