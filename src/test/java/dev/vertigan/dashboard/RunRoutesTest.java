package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.Setting;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertEquals(Dashboard.CONFIG.generator().optimiser().rate().start(), status.getJsonObject("settings").getDouble("generator.optimiser.rate"));
        assertTrue(status.containsKey("failure") && status.getValue("failure") == null);
    }

    @Test
    void showsAFailure() {
        var now = dashboard.status;
        dashboard.status = new Status(Status.State.FAILED, 7, 0, 0, 0, Optional.empty(), Optional.empty(), 0, now.settings(),
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
    void changesOnlyTheSettingsGivenByPathOrNested() {
        assertEquals(200, patch("{\"generator.optimiser.rate\":1e-3}").status());
        assertEquals(200,
                patch("{\"discriminator\":{\"optimiser\":{\"rate\":10}},\"game.discriminatorSteps\":100,\"report\":{\"every\":1e6}}").status());
        assertEquals(List.of(new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(1e-3))),
                new Command.Edit(Map.of("discriminator.optimiser.rate", IntNode.valueOf(10), "game.discriminatorSteps", IntNode.valueOf(100),
                        "report.every", DoubleNode.valueOf(1e6)))),
                List.copyOf(dashboard.commands));
    }

    /// The words are those of a configuration file.
    @Test
    void reportsAllMistakesOfSettingsAtOnceAndChangesNone() {
        var answer = patch(
                "{\"generator.optimiser.rat\":1,\"discriminator.optimiser.rate\":0,\"game.discriminatorSteps\":1.5,\"report.every\":0,\"batch\":3}");
        assertEquals(400, answer.status());
        assertEquals(new JsonArray(List.of(
                "batch: expected a setting that may change while the run goes on; this one takes a new run, by `vertigan train`",
                "discriminator.optimiser.rate: expected a number above 0, found 0",
                "game.discriminatorSteps: expected a whole number from 1 to 100, found 1.5",
                "generator.optimiser.rat: unknown setting; did you mean generator.optimiser.rate?",
                "report.every: expected a whole number from 1 to 2147483647, found 0")), answer.json().getJsonArray("problems"));
        assertTrue(dashboard.commands.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"generator\":{}}", "{\"generator.optimiser.rate\":-1}", "{\"generator.optimiser.rate\":1e400}",
        "{\"generator.optimiser.rate\":1e-60}", "{\"generator.optimiser.rate\":\"fast\"}", "{\"generator.optimiser.rate\":NaN}",
        "{\"generator.optimiser.rate\":null}", "{\"game.discriminatorSteps\":101}", "{\"report.every\":true}", "{\"report.every\":{}}",
        "{\"report.every\":[1]}", "{\"report.every\":1,\"report.every\":2}", "{\"report.every\":1,\"report\":{\"every\":2}}",
        "{\"generatorRate\":1e-4}",
        "{\"report.every\":1} {}"})
    void refusesSettingsThatMakeNoSense(String body) {
        var answer = patch(body);
        assertEquals(400, answer.status(), body);
        assertTrue(answer.error().length() > 10, answer::text);
        assertTrue(dashboard.commands.isEmpty());
    }

    @Test
    void noMoreSettingsAreReadThanThereAre() {
        var many = IntStream.range(0, 1_000).mapToObj(i -> "\"x" + i + "\":1").collect(Collectors.joining(",", "{", "}"));
        assertEquals(400, patch(many).status());
        assertTrue(patch(many).error().length() < 200, patch(many).error());
    }

    @Test
    void tellsEverySettingAndWhatItMayBe() {
        var settings = dashboard.get("/api/settings").json().getJsonArray("settings");
        assertEquals(Setting.all().stream().map(Setting::path).toList(),
                settings.stream().map(setting -> ((JsonObject) setting).getString("path")).toList());
        var rate = settings.stream().map(JsonObject.class::cast).filter(setting -> setting.getString("path").equals("generator.optimiser.rate"))
                .findFirst().orElseThrow();
        assertEquals(new JsonObject(
                "{\"path\":\"generator.optimiser.rate\",\"meaning\":\"learning rate\",\"expected\":\"a number above 0, or a schedule\","
                        + "\"default\":5.0E-4,"
                        + "\"live\":true,\"decidesResult\":true,\"kind\":\"schedule\",\"least\":0.0,\"most\":null}"),
                rate);
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
