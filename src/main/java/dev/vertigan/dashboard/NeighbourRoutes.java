package dev.vertigan.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Looks into the runs beside this one: `GET /api/runs/NAME/{history,samples,checkpoints}`.
final class NeighbourRoutes {

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
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/history")
                .handler(context -> HistoryRoutes.history(context, vertx, answers, found(context, runs::history)));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/samples")
                .handler(context -> HistoryRoutes.steps(context, vertx, answers, found(context, runs::samples)));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/samples/:file")
                .handler(context -> HistoryRoutes.picture(context, vertx, answers, found(context, runs::samples)));
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/checkpoints").handler(this::checkpoints);
        Failures.only(router, HttpMethod.GET, "/api/runs/:name/checkpoints/:file").handler(this::checkpoint);
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
}
