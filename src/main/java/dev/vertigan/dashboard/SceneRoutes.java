package dev.vertigan.dashboard;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// Scenes of the duel, which are computed while a page is open: `GET /api/scenes`, `GET /api/scenes/{step}`.
final class SceneRoutes {

    private static final String BYTES = "application/octet-stream";

    private final Scenes scenes;
    private final Answers answers;

    SceneRoutes(Scenes scenes, Answers answers) {
        this.scenes = scenes;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/scenes").handler(context -> answers.send(context, "application/json",
                new JsonObject().put("steps", new JsonArray(scenes.steps())).encode()));
        Failures.only(router, HttpMethod.GET, "/api/scenes/:step").handler(this::scene);
    }

    private void scene(RoutingContext context) {
        String asked = String.valueOf(context.pathParam("step"));
        if (!asked.matches("\\d{1,18}")) {
            throw new HttpFailure(404, asked + ": expected a step, as in /api/scenes/1000");
        }
        var scene = scenes.at(Long.parseLong(asked)).orElseThrow(() -> new HttpFailure(404,
                "no page was open at step " + asked + ", or its scene is gone; GET /api/scenes lists the steps that have one"));
        answers.send(context, new CachedBody(LiveClient.encode(Scenes.header(scene), scene.bytes()), BYTES));
    }
}
