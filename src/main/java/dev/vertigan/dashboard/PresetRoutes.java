package dev.vertigan.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// What a run can be begun from: `GET /api/presets`, `GET /api/presets/NAME.png`, which is empty where a preset's data are not on the disk.
final class PresetRoutes {

    private final Vertx vertx;
    private final Runs runs;
    private final Answers answers;

    PresetRoutes(Vertx vertx, Runs runs, Answers answers) {
        this.vertx = vertx;
        this.runs = runs;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/presets").handler(this::presets);
        Failures.only(router, HttpMethod.GET, "/api/presets/:file").handler(this::thumbnail);
    }

    private void presets(RoutingContext context) {
        vertx.executeBlocking(() -> {
            var list = new JsonArray();
            runs.presets().forEach(preset -> list.add(new JsonObject().put("name", preset.name()).put("data", preset.data())
                    .put("objective", preset.objective())));
            return new JsonObject().put("presets", list).encode();
        }, false).onSuccess(json -> answers.send(context, "application/json", json)).onFailure(context::fail);
    }

    private void thumbnail(RoutingContext context) {
        String file = String.valueOf(context.pathParam("file"));
        String name = file.endsWith(".png") ? file.substring(0, file.length() - 4) : "";
        if (runs.presets().stream().noneMatch(preset -> preset.name().equals(name))) {
            throw new HttpFailure(404, file + ": there is no such preset; GET /api/presets lists the names");
        }
        vertx.executeBlocking(() -> runs.thumbnail(name).map(bytes -> new CachedBody(Buffer.buffer(bytes), "image/png")), false)
                .onSuccess(picture -> picture.ifPresentOrElse(body -> answers.send(context, body),
                        () -> context.response().setStatusCode(204).putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end()))
                .onFailure(context::fail);
    }
}
