package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.vertigan.config.Setting;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.Explored;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.ExploreRequest.Nearest;
import dev.vertigan.values.GetNetworks;
import dev.vertigan.values.OpenRun;
import dev.vertigan.values.PastRequest.ForkMade;
import dev.vertigan.values.PastRequest.MakeFork;
import dev.vertigan.values.PastRequest.EndVisit;
import dev.vertigan.values.PastRequest.GetVisit;
import dev.vertigan.values.PastRequest.GetVisitedPicture;
import dev.vertigan.values.PastRequest.GetVisitedReports;
import dev.vertigan.values.PastRequest.Visit;
import dev.vertigan.values.PastRequest.Visited;
import dev.vertigan.values.PastRequest.VisitedPicture;
import dev.vertigan.values.PastRequest.VisitedReports;
import dev.vertigan.values.Picture;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `GET /api` describes every route there is, and what it describes is what is asked and answered.
class ApiTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> REFUSED = List.of("live", "scene", "push"); // here: no socket asks, no scenes, no stream

    /// What is sent in place of a path's parameters.
    private static final Map<String, String> PARTS = Map.of("name", TwoRuns.FORK, "set", "mine", "step", "10");

    /// What is asked of each operation that takes a body.
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("step", "{\"turns\": 2}"), Map.entry("advance", "{\"part\": \"update\"}"), Map.entry("pace", "{\"turnsPerSecond\": 5}"),
            Map.entry("bookmark", "{\"name\": \"here\"}"), Map.entry("edit", "{\"generator\": {\"optimiser\": {\"rate\": 1e-4}}}"),
            Map.entry("visit", "{\"step\": 5, \"since\": 2}"), Map.entry("rollback", "{\"step\": 5}"),
            Map.entry("fork", "{\"step\": 5, \"name\": \"x\", \"settings\": {\"seed\": 2}}"),
            Map.entry("begin", "{\"name\": \"x\", \"preset\": \"ring\", \"settings\": {\"seed\": 2}}"), Map.entry("rename", "{\"to\": \"y\"}"),
            Map.entry("notes", "{\"tags\": [\"a\"], \"note\": \"b\"}"),
            Map.entry("explore", "{\"a\": 1, \"at\": [[0.5, 0.5]], \"weights\": \"raw\"}"),
            Map.entry("nearest", "{\"a\": 1}"), Map.entry("upload", "not read"), Map.entry("push", "[]"));

    @TempDir
    private static Path temp;

    private static Dashboard dashboard;
    private static JsonNode api;

    private record Operation(String method, String path, JsonNode says) {

        String id() {
            return says.path("operationId").asText();
        }
    }

    @BeforeAll
    static void start() throws JsonProcessingException {
        var points = new Picture(Picture.Source.FAKE, Picture.Format.POINTS, 10, 1, 2, 1, new byte[8]);
        dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, ConnectionLimits.ofProcess(),
                new Kept((_, _, _) -> List.of(Dashboard.report(10)), new Samples() {

                    @Override
                    public List<Long> steps() {
                        return List.of(10L);
                    }

                    @Override
                    public Optional<byte[]> read(long step, String suffix) {
                        return Optional.of(new byte[8]);
                    }
                }, _ -> List.of(new Events.Event(5, 1, "edit", Map.of())), new TwoRuns(temp)));
        var visited = new Visited(Visited.State.PLAYING, 5, 0, 2, Optional.of(1.5), "", List.of("a notice"));
        dashboard.bus.serve(Visit.class, _ -> visited);
        dashboard.bus.serve(GetVisit.class, _ -> visited);
        dashboard.bus.serve(EndVisit.class, _ -> visited);
        dashboard.bus.serve(GetVisitedReports.class, _ -> new VisitedReports(List.of(Dashboard.report(5))));
        dashboard.bus.serve(GetVisitedPicture.class, _ -> new VisitedPicture(Optional.of(points)));
        dashboard.bus.serve(MakeFork.class, fork -> new ForkMade(fork.name(), "runs/" + fork.name()));
        dashboard.bus.serve(OpenRun.class, asked -> new OpenRun.Opening(asked.name()));
        var network = JSON.readTree("{\"input\": [2], \"parameters\": 3, \"layers\": []}");
        dashboard.bus.serve(GetNetworks.class, _ -> new GetNetworks.Networks(network, network));
        dashboard.bus.serve(GetLatents.class, _ -> new LatentSpace(1, 2, true, 0, 100));
        dashboard.bus.serve(Explore.class, _ -> new Explored(points));
        dashboard.bus.serve(FindNearest.class, _ -> new Nearest(7, 0, 0.5, 50, 100, points));
        api = JSON.readTree(dashboard.get("/api").text());
    }

    @AfterAll
    static void stop() {
        dashboard.close();
    }

    private static List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        api.path("paths").properties().forEach(path -> path.getValue().properties()
                .forEach(method -> operations.add(new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionHasARoute() {
        var served = dashboard.routes.stream().filter(route -> route.getPath() != null && route.methods() != null)
                .filter(route -> route.getPath().matches("/(api|health|metrics|live).*"))
                .flatMap(route -> route.methods().stream().map(method -> method.name() + " " + route.getPath().replaceAll(":(\\w+)", "{$1}")))
                .collect(Collectors.toCollection(TreeSet::new));
        var described = operations().stream().map(operation -> operation.method + " " + operation.path)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(served, described);
    }

    @Test
    void everyAnswerIsAsItIsDescribed() {
        var wrong = new TreeMap<String, String>();
        for (var operation : operations()) {
            var answer = ask(operation, BODIES.getOrDefault(operation.id(), ""));
            String problem = problem(operation, answer);
            if (answer.status() >= 400 != REFUSED.contains(operation.id())) {
                problem += " answered " + answer.status() + " " + answer.text();
            }
            if (!problem.isEmpty()) {
                wrong.put(operation.id(), problem);
            }
        }
        assertEquals(Map.of(), wrong);
    }

    @Test
    void everyBodyIsAsItIsDescribedAndAnyOtherIsRefusedAsDescribed() {
        var wrong = new TreeMap<String, String>();
        for (var operation : operations()) {
            var schema = operation.says.path("requestBody").path("content").path("application/json").path("schema");
            if (schema.isObject() && !operation.id().equals("push")) {
                String problem = validate(schema, BODIES.getOrDefault(operation.id(), "{}"));
                if (!operation.id().equals("edit") && validate(schema, "{\"wrong\": 1}").isEmpty()) {
                    problem += " any field is described as fit";
                }
                var refusal = ask(operation, "{\"wrong\": 1}");
                problem += refusal.status() == 400 ? problem(operation, refusal) : " a wrong field is answered by " + refusal.status();
                if (!problem.isEmpty()) {
                    wrong.put(operation.id(), problem);
                }
            }
        }
        assertEquals(Map.of(), wrong);
    }

    private static Dashboard.Answer ask(Operation operation, String body) {
        String path = operation.path;
        for (var part : PARTS.entrySet()) {
            path = path.replace("{" + part.getKey() + "}", part.getValue());
        }
        path = path.replace("{file}", path.contains("presets") ? "ring.png" : path.contains("uploads") ? "a.npy"
                : path.contains("checkpoints") ? "10.safetensors" : "10.f32");
        var type = operation.id().equals("upload") ? "application/octet-stream" : "application/json";
        return dashboard.request(HttpMethod.valueOf(operation.method), path, body.isEmpty() ? Map.of() : Map.of("content-type", type), body);
    }

    /// What in an answer is not as described; empty if nothing is.
    private static String problem(Operation operation, Dashboard.Answer answer) {
        var responses = operation.says.path("responses");
        var response = responses.has(String.valueOf(answer.status())) ? responses.path(String.valueOf(answer.status()))
                : responses.path(answer.status() / 100 + "XX");
        if (response.has("$ref")) {
            response = api.at(response.path("$ref").asText().substring(1));
        }
        if (response.isMissingNode()) {
            return "status " + answer.status() + " is not described";
        }
        String type = answer.headers().getOrDefault("content-type", "").split(";", 2)[0];
        var content = response.path("content").path(type);
        if (content.isMissingNode()) {
            return "content of type " + type + " is not described for " + answer.status();
        }
        return type.equals("application/json") ? validate(content.path("schema"), answer.text()) : "";
    }

    private static String validate(JsonNode schema, String json) {
        var whole = ((ObjectNode) schema.deepCopy()).set("components", api.path("components"));
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole).validate(JSON.readTree(json)).stream()
                    .map(Object::toString).collect(Collectors.joining("; "));
        } catch (JsonProcessingException e) {
            return e.getMessage();
        }
    }

    @Test
    void whatIsOfTheMachineIsRefusedFromThePage() {
        var settings = Setting.all().stream().filter(Setting::ofTheMachine).map(Setting::path).toList();
        assertTrue(settings.contains("data.dir"));
        for (var path : settings) {
            var inGroup = path.replaceFirst("(.*)[.](.*)", "\"$1\": {\"$2\": \"/x\"}");
            for (var given : List.of("\"" + path + "\": \"/x\"", inGroup)) {
                var rest = "\"name\": \"x\", \"settings\": {" + given + "}}";
                for (var answer : List.of(post("/api/fork", "{\"step\": 5, " + rest), post("/api/runs", "{\"preset\": \"ring\", " + rest))) {
                    assertEquals(400, answer.status(), path);
                    assertTrue(answer.text().contains(path + ": expected settings of the game"), answer.text());
                }
            }
        }
    }

    @Test
    void dataThatWereSentAreNamedByAFoldersName() {
        for (var elsewhere : List.of("..", ".", "a/b", "", "a\\u0000")) {
            assertEquals(400, post("/api/runs", "{\"name\": \"x\", \"preset\": \"ring\", \"data\": \"" + elsewhere + "\"}").status(), elsewhere);
        }
    }

    /// What is too large is refused before it is sent.
    @Test
    void anUploadHasALengthAndANameThatLeadNowhereElse() {
        var refused = Map.of("set/a.npy", Map.of("0", 413, "1073741825", 413, "999999999999999999", 413, "-1", 400),
                "..%2fset/a.npy", Map.of("1", 400), "%2e%2e/a.npy", Map.of("1", 404), "set/..%2fa.npy", Map.of("1", 400),
                "set/.a.npy", Map.of("1", 400), "set/config.json", Map.of("1", 400));
        refused.forEach((path, lengths) -> lengths.forEach((length, status) -> assertEquals(status,
                RawRequest.status(new RawRequest("PUT", "/api/uploads/" + path).with(Map.of("Content-Length", length)).send(dashboard.port)),
                path + " of " + length)));
        var chunked = new RawRequest("PUT", "/api/uploads/set/a.npy").with(Map.of("Transfer-Encoding", "chunked")).send(dashboard.port);
        assertEquals(411, RawRequest.status(chunked));
        assertFalse(Files.exists(temp.resolve("set")), "nothing is made for what is refused");
    }

    @Test
    void anUploadLeavesRoomForTheRuns() {
        long gigabyte = 1L << 30;
        UploadRoutes.requireRoom(gigabyte + 10, 10);
        var refused = assertThrows(HttpFailure.class, () -> UploadRoutes.requireRoom(gigabyte + 9, 10));
        assertEquals(507, refused.status());
        assertEquals("expected room for 10 bytes and 1,073,741,824 to spare, found 1,073,741,833: make room on the disk", refused.getMessage());
    }

    private static Dashboard.Answer post(String path, String body) {
        return dashboard.request(HttpMethod.POST, path, Map.of("content-type", "application/json"), body);
    }

    @Test
    void theDescriptionHasNoLooseEnds() {
        var text = api.toString();
        var named = api.path("components").path("schemas").properties().stream().map(Map.Entry::getKey).toList();
        assertTrue(named.stream().allMatch(name -> text.contains("#/components/schemas/" + name + "\"")), "each schema is used");
        assertEquals(operations().size(), operations().stream().map(Operation::id).distinct().count(), "each operation has an id of its own");
        assertEquals("3.1.0", api.path("openapi").asText());
    }
}
