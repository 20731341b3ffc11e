package dev.vertigan.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.TreeSet;

/// Scenes of the duel, which are computed while a page is open: `GET /api/scenes`, `GET /api/scenes/{step}`. The newest are in memory; those of
/// pictures are in the run's folder too.
final class SceneRoutes {

    private static final String BYTES = "application/octet-stream";

    private final Vertx vertx;
    private final Scenes scenes;
    private final Samples kept;
    private final Answers answers;

    SceneRoutes(Vertx vertx, Scenes scenes, Samples kept, Answers answers) {
        this.vertx = vertx;
        this.scenes = scenes;
        this.kept = kept;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/scenes").handler(this::steps);
        Failures.only(router, HttpMethod.GET, "/api/scenes/:step").handler(this::scene);
    }

    private void steps(RoutingContext context) {
        var steps = new TreeSet<>(scenes.steps());
        vertx.executeBlocking(kept::steps, false).onSuccess(more -> {
            steps.addAll(more);
            answers.send(context, "application/json", new JsonObject().put("steps", new JsonArray(new ArrayList<>(steps))).encode());
        }).onFailure(context::fail);
    }

    private void scene(RoutingContext context) {
        String asked = String.valueOf(context.pathParam("step"));
        if (!asked.matches("\\d{1,18}")) {
            throw new HttpFailure(404, asked + ": expected a step, as in /api/scenes/1000");
        }
        long step = Long.parseLong(asked);
        scenes.at(step).ifPresentOrElse(scene -> answers.send(context, new CachedBody(Buffer.buffer(scene.file()), BYTES)),
                () -> vertx.executeBlocking(() -> kept.read(step, "scene"), false)
                        .onSuccess(scene -> scene.ifPresentOrElse(bytes -> answers.send(context, new CachedBody(Buffer.buffer(bytes), BYTES)),
                                () -> context.fail(new HttpFailure(404, "no page was open at step " + asked
                                        + ", or its scene is gone; GET /api/scenes lists the steps that have one"))))
                        .onFailure(context::fail));
    }
}
