package dev.vertigan.dashboard;

import dev.vertigan.config.UserError;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Looks into the runs beside this one, and makes and removes them: `GET /api/runs/NAME/{history,samples,checkpoints}`,
/// `POST /api/runs`, `POST /api/runs/NAME/rename`, `DELETE /api/runs/NAME`, `GET /api/presets`.
final class NeighbourRoutes {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,79}");

    private static final Pattern CHECKPOINT = Pattern.compile("(\\d{1,18})\\.safetensors");

    private final Vertx vertx;
    private final Runs runs;
    private final Answers answers;

    NeighbourRoutes(Vertx vertx, Runs runs, Answers answers) {
        this.vertx = vertx;
        this.runs = runs;
        this.answers = answers;
    }

    void mount(Router router) {
        router.post("/api/runs").handler(JsonBody::read).handler(this::begin);
        router.route("/api/runs").handler(context -> Failures.wrongMethod(context, "GET, POST"));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/history")
                .handler(context -> HistoryRoutes.history(context, vertx, answers, found(context, runs::history)));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/samples")
                .handler(context -> HistoryRoutes.steps(context, vertx, answers, found(context, runs::samples)));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/samples/:file")
                .handler(context -> HistoryRoutes.picture(context, vertx, answers, found(context, runs::samples)));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/checkpoints").handler(this::checkpoints);
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/checkpoints/:file").handler(this::checkpoint);
        Failures.only(router, HttpMethod.POST, "/api/runs/:name/rename").handler(JsonBody::read).handler(this::rename);
        Failures.only(router, HttpMethod.DELETE, "/api/runs/:name").handler(this::delete);
        Failures.only(router, HttpMethod.GET, "/api/presets").handler(this::presets);
        Failures.only(router, HttpMethod.GET, "/api/presets/:file").handler(this::thumbnail);
    }

    private interface Look<T> {

        Optional<T> at(String name);
    }

    private static <T> Supplier<T> found(RoutingContext context, Look<T> look) {
        String name = name(context);
        return () -> look.at(name).orElseThrow(() -> new HttpFailure(404, name + ": no such run beside this one; GET /api/runs lists them"));
    }

    private static String name(RoutingContext context) {
        return String.valueOf(context.pathParam("name"));
    }

    private void checkpoints(RoutingContext context) {
        var run = found(context, runs::checkpoints);
        vertx.executeBlocking(() -> new JsonObject().put("steps", new JsonArray(List.copyOf(run.get().keySet()))).encode(), false)
                .onSuccess(json -> answers.send(context, "application/json", json)).onFailure(context::fail);
    }

    /// Sent from the disk, piece by piece.
    private void checkpoint(RoutingContext context) {
        String name = name(context);
        String asked = String.valueOf(context.pathParam("file"));
        var file = CHECKPOINT.matcher(asked);
        if (!file.matches()) {
            throw new HttpFailure(404, asked + ": expected the step and .safetensors, as in 1000.safetensors");
        }
        long step = Long.parseLong(file.group(1));
        var run = found(context, runs::checkpoints);
        vertx.executeBlocking(() -> Optional.ofNullable(run.get().get(step)), false)
                .map(path -> path.orElseThrow(() -> new HttpFailure(404, "no checkpoint of step " + step + " is kept; GET /api/runs/" + name
                        + "/checkpoints lists the steps that have one")))
                .compose(path -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .putHeader("Content-Disposition", "attachment; filename=\"" + name + "-" + step + ".safetensors\"").sendFile(path.toString()))
                .onFailure(context::fail);
    }

    private void begin(RoutingContext context) {
        var body = JsonBody.object(context);
        RunRoutes.refuseUnknown(body, List.of("name", "preset", "settings", "data"));
        String name = folderName(body.path("name").asText(), "name");
        String preset = body.path("preset").asText();
        var settings = PastRoutes.settings(body);
        var data = Optional.ofNullable(body.get("data")).map(set -> folderName(set.asText(), "data"));
        act(context, 201, name, () -> {
            runs.begin(name, preset, settings, data);
            return name;
        });
    }

    private void rename(RoutingContext context) {
        var body = JsonBody.object(context);
        RunRoutes.refuseUnknown(body, List.of("to"));
        String name = name(context);
        String to = folderName(body.path("to").asText(), "to");
        act(context, 200, to, () -> {
            runs.rename(name, to);
            return to;
        });
    }

    private void delete(RoutingContext context) {
        String name = name(context);
        act(context, 200, name, () -> {
            runs.delete(name);
            return name;
        });
    }

    /// A name that leads nowhere else.
    static String folderName(String name, String field) {
        if (!NAME.matcher(name).matches()) {
            throw HttpFailure.problems(List.of(field + ": expected a folder's name of letters, digits, dots, dashes and underscores, found \"" + name
                    + "\""));
        }
        return name;
    }

    private void act(RoutingContext context, int status, String name, Callable<String> act) {
        vertx.executeBlocking(act, false).onSuccess(_ -> {
            context.response().setStatusCode(status);
            answers.send(context, "application/json", new JsonObject().put("name", name).encode());
        }).onFailure(cause -> context.fail(cause instanceof UserError error ? HttpFailure.problems(error.getMessage().lines().toList()) : cause));
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
        vertx.executeBlocking(() -> runs.thumbnail(name).map(bytes -> new CachedBody(Buffer.buffer(bytes), "image/png")), false)
                .onSuccess(picture -> picture.ifPresentOrElse(body -> answers.send(context, body), () -> context.fail(new HttpFailure(404,
                        file + ": there is no such preset, or its data are not on the disk; GET /api/presets lists the names"))))
                .onFailure(context::fail);
    }
}
