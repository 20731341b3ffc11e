package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Status;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/// The run and its status as JSON.
final class RunJson {

    private RunJson() {}

    static JsonObject info(RunInfo info) {
        var data = info.data();
        var modes = new JsonArray();
        data.modes().forEach(centre -> modes.add(new JsonArray(centre)));
        return new JsonObject()
                .put("name", info.name())
                .put("data", new JsonObject()
                        .put("name", data.name())
                        .put("kind", kind(data.kind()))
                        .put("shape", new JsonArray(data.shape()))
                        .put("size", data.size())
                        .put("modes", modes)
                        .put("columns", new JsonArray(data.columns())))
                .put("game", new JsonObject()
                        .put("objective", info.game().objective())
                        .put("score", info.game().score().orElse(null))
                        .put("lossD", info.game().lossD())
                        .put("lossG", info.game().lossG())
                        .put("leastD", info.game().leastD().orElse(null)))
                .put("begun", settings(info.begun()))
                .put("seed", info.seed())
                .put("batch", info.batch())
                .put("latent", info.latent())
                .put("parametersG", info.parametersG())
                .put("parametersD", info.parametersD())
                .put("kernels", info.kernels())
                .put("version", info.version())
                .put("startedAt", info.started().toString())
                .put("folder", info.folder());
    }

    static String kind(Dataset.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static JsonObject status(Status status) {
        return new JsonObject()
                .put("state", status.state().name())
                .put("step", status.step())
                .put("steps", status.steps())
                .put("epoch", status.epoch())
                .put("imagesPerSecond", status.imagesPerSecond())
                .put("secondsLeft", status.secondsLeft().orElse(null))
                .put("checkpointStep", status.checkpointStep().orElse(null))
                .put("undone", status.undone())
                .put("settings", settings(status.settings()))
                .put("failure", status.failure().map(RunJson::failure).orElse(null))
                .put("reason", status.reason().orElse(null))
                .put("findings", new JsonArray(status.findings().stream().map(RunJson::finding).toList()));
    }

    static JsonObject settings(Map<String, JsonNode> settings) {
        var json = new JsonObject();
        settings.forEach((path, value) -> json.put(path, value(value)));
        return json;
    }

    /// A number, text, or list as Vert.x has it.
    static Object value(JsonNode node) {
        return Json.decodeValue(node.toString());
    }

    private static JsonObject finding(Finding finding) {
        return new JsonObject().put("kind", finding.kind().written()).put("step", finding.step()).put("message", finding.message())
                .put("advice", finding.advice());
    }

    private static JsonObject failure(Status.Failure failure) {
        return new JsonObject().put("kind", failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')).put("step", failure.step())
                .put("message", failure.message()).put("advice", failure.advice());
    }
}
