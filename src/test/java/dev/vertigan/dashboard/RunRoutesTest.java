package dev.vertigan.dashboard;

import dev.vertigan.bus.Failure;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RunRoutesTest {

    private final Dashboard dashboard = new Dashboard();

    @AfterEach
    void close() {
        dashboard.close();
    }

    private Dashboard.Answer patch(String json) {
        return dashboard.request(HttpMethod.PATCH, "/api/run/settings", Map.of("content-type", "application/json"), json);
    }

    @Test
    void showsTheRun() {
        var json = dashboard.get("/api/run").json();
        var info = json.getJsonObject("info");
        assertEquals("points-2d", info.getJsonObject("data").getString("kind"));
        assertEquals(new JsonArray("[[1.0,0.0],[0.0,1.0]]"), info.getJsonObject("data").getJsonArray("modes"));
        assertEquals("2026-11-21T12:00:00Z", info.getString("startedAt"));
        assertEquals(17_282, info.getLong("parametersG"));
        var status = json.getJsonObject("status");
        assertEquals("RUNNING", status.getString("state"));
        assertEquals(1200, status.getLong("step"));
        assertEquals(2e-4, status.getJsonObject("settings").getDouble("generatorRate"));
        assertTrue(status.containsKey("failure") && status.getValue("failure") == null);
    }

    @Test
    void showsAFailure() {
        var now = dashboard.status;
        dashboard.status = new Status(Status.State.FAILED, 7, 0, 0, 0, Optional.empty(), Optional.empty(), now.settings(),
                Optional.of(new Status.Failure(FailureKind.NON_FINITE, 8, "D's loss is NaN", "lower the rate")));
        var status = dashboard.get("/api/run").json().getJsonObject("status");
        assertEquals("D's loss is NaN", status.getJsonObject("failure").getString("message"));
        assertEquals("lower the rate", status.getJsonObject("failure").getString("advice"));
        assertEquals(8, status.getJsonObject("failure").getLong("step"));
        assertTrue(status.getValue("checkpointStep") == null && status.getValue("secondsLeft") == null);
    }

    @Test
    void sendsEveryCommandAndAnswersWithTheStatusAfterIt() {
        dashboard.status = Dashboard.status(Status.State.STOPPED, 1234);
        for (var path : List.of("stop", "resume", "checkpoint", "step")) {
            var answer = dashboard.request(HttpMethod.POST, "/api/run/" + path, Map.of(), "");
            assertEquals(200, answer.status());
            assertEquals(1234, answer.json().getLong("step"));
            assertEquals("STOPPED", answer.json().getString("state"));
        }
        assertEquals(200, dashboard.post("/api/run/step", "{\"turns\":1000000000}").status());
        var type = Map.of("content-type", "Application/JSON; charset=utf-8");
        assertEquals(200, dashboard.request(HttpMethod.POST, "/api/run/stop", type, "{}").status());
        assertEquals(List.of(new Command.Stop(), new Command.Resume(), new Command.SaveCheckpoint(), new Command.Step(1),
                new Command.Step(1_000_000_000), new Command.Stop()), List.copyOf(dashboard.commands));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"turns\":0}", "{\"turns\":-1}", "{\"turns\":1000000001}", "{\"turns\":1.5}", "{\"turns\":\"5\"}", "{\"turns\":null}",
        "{\"turns\":99999999999999999999999}", "{\"turn\":5}", "[5]", "5", "\"turns\"", "null", "{\"turns\":", "{turns:5}", "{\"turns\":5} {}"})
    void refusesStepsThatMakeNoSense(String body) {
        var answer = dashboard.post("/api/run/step", body);
        assertEquals(400, answer.status());
        assertTrue(answer.error().length() > 10, answer::text);
        assertTrue(dashboard.commands.isEmpty());
    }

    @Test
    void aCommandThatDoesNotFitIsAConflict() {
        dashboard.refusal = Optional.of(new Failure(FailureKind.CONFLICT, 9, "expected turns left, found none", "ask for more"));
        var answer = dashboard.post("/api/run/resume", "");
        assertEquals(409, answer.status());
        assertEquals("expected turns left, found none; ask for more", answer.error());
        dashboard.refusal = Optional.of(new Failure(FailureKind.FILES, 9, "no space left", ""));
        assertEquals(500, dashboard.post("/api/run/checkpoint", "").status());
        assertEquals("no space left", dashboard.post("/api/run/checkpoint", "").error());
    }

    @Test
    void changesOnlyTheSettingsGiven() {
        assertEquals(200, patch("{\"generatorRate\":1e-3}").status());
        assertEquals(200, patch("{\"discriminatorRate\":10,\"discriminatorSteps\":100,\"reportEvery\":1000000}").status());
        assertEquals(List.of(new Command.Edit(Optional.of(1e-3), Optional.empty(), Optional.empty(), Optional.empty()),
                new Command.Edit(Optional.empty(), Optional.of(10.0), Optional.of(100), Optional.of(1_000_000))), List.copyOf(dashboard.commands));
    }

    @Test
    void reportsAllMistakesOfSettingsAtOnceAndChangesNone() {
        var answer = patch("{\"generatorRat\":1,\"discriminatorRate\":0,\"discriminatorSteps\":1.0,\"reportEvery\":0}");
        assertEquals(400, answer.status());
        assertEquals(new JsonArray(List.of(
                "generatorRat: unknown; did you mean generatorRate?",
                "discriminatorRate: expected a number above 0, at most 10.0, found 0",
                "discriminatorSteps: expected a whole number from 1 to 100, found 1.0",
                "reportEvery: expected a whole number from 1 to 1000000, found 0")), answer.json().getJsonArray("problems"));
        assertTrue(dashboard.commands.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"generatorRate\":-1}", "{\"generatorRate\":1e400}", "{\"generatorRate\":10.1}", "{\"generatorRate\":\"0.1\"}",
        "{\"generatorRate\":NaN}", "{\"generatorRate\":null}", "{\"discriminatorSteps\":101}", "{\"reportEvery\":true}", "{\"reportEvery\":{}}"})
    void refusesSettingsThatMakeNoSense(String body) {
        var answer = patch(body);
        assertEquals(400, answer.status(), body);
        assertTrue(answer.error().length() > 10, answer::text);
        assertTrue(dashboard.commands.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"POST, /api/run, 405", "GET, /api/run/stop, 405", "DELETE, /api/run/settings, 405", "GET, /api/nothing, 404",
        "POST, /api/nothing, 404",
        "POST, /index.html, 405", "PUT, /live, 405", "GET, /api/../api/nothing, 404"})
    void knowsItsAddresses(String method, String path, int status) {
        var answer = dashboard.request(HttpMethod.valueOf(method), path, Map.of(), "");
        assertEquals(status, answer.status(), answer::text);
        assertTrue(answer.error().startsWith(method + " " + path), answer::text);
        assertEquals(status == 405, answer.headers().containsKey("allow"));
    }

    @Test
    void takesJsonOnly() {
        var form = dashboard.request(HttpMethod.POST, "/api/run/step", Map.of("content-type", "application/x-www-form-urlencoded"), "{\"turns\":5}");
        assertEquals(415, form.status());
        assertTrue(form.error().contains("application/x-www-form-urlencoded"));
        assertEquals(415, dashboard.request(HttpMethod.POST, "/api/run/step", Map.of(), "{\"turns\":5}").status());
        assertTrue(dashboard.commands.isEmpty());
    }

    @Test
    void takesNoMoreThan64KiB() {
        String padding = " ".repeat(JsonBody.LIMIT - 12);
        assertEquals(200, dashboard.post("/api/run/step", "{\"turns\":5}" + padding).status());
        var answer = dashboard.post("/api/run/step", "{\"turns\":5}  " + padding);
        assertEquals(413, answer.status());
        assertTrue(answer.error().contains("65536 bytes"), answer::text);
        assertEquals(200, dashboard.postChunked("/api/run/step", "{\"turns\":5}").status());
        var chunked = dashboard.postChunked("/api/run/step", "{\"turns\":5}   " + padding);
        assertEquals(413, chunked.status());
        assertEquals(2, dashboard.commands.size());
    }

    @Test
    void limitsLinesAndHeaders() {
        assertEquals(414, dashboard.get("/api/history?since=" + "1".repeat(5000)).status());
        assertEquals(431, dashboard.request(HttpMethod.GET, "/api/run", Map.of("x", "y".repeat(20_000)), "").status());
    }
}
