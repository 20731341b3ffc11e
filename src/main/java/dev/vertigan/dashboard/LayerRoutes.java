package dev.vertigan.dashboard;

import dev.vertigan.values.GetNetworks;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/// The players' layers: `GET /api/network`, what they are; `GET /api/layers?since=STEP`, how they fared, sampled while the run goes on.
final class LayerRoutes {

    private static final Duration PATIENCE = Duration.ofSeconds(30); // a picture may be drawn on that thread

    private final RunClient run;
    private final Scenes layers;
    private final Answers answers;

    LayerRoutes(RunClient run, Scenes layers, Answers answers) {
        this.run = run;
        this.layers = layers;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/network").handler(this::network);
        Failures.only(router, HttpMethod.GET, "/api/layers").handler(this::layers);
    }

    private void network(RoutingContext context) {
        run.ask(new GetNetworks(), PATIENCE)
                .onSuccess(networks -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(new JsonObject()
                        .put("generator", RunJson.value(networks.generator())).put("discriminator", RunJson.value(networks.discriminator()))
                        .encode()))
                .onFailure(context::fail);
    }

    /// One after the other, each `[u32 little-endian length]` and that many bytes as a scene's file.
    private void layers(RoutingContext context) {
        long since = HistoryRoutes.since(context);
        var body = Buffer.buffer();
        layers.steps().stream().filter(step -> step > since).forEach(step -> layers.at(step).ifPresent(look -> {
            byte[] file = look.file();
            body.appendIntLE(file.length).appendBytes(file);
        }));
        answers.send(context, new CachedBody(body, "application/octet-stream"));
    }
}
