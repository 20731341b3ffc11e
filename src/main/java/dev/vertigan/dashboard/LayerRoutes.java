package dev.vertigan.dashboard;

import dev.vertigan.bus.Bus;
import dev.vertigan.values.GetNetworks;
import io.vertx.core.Future;
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

    private final Bus bus;
    private final Scenes layers;
    private final Answers answers;

    LayerRoutes(Bus bus, Scenes layers, Answers answers) {
        this.bus = bus;
        this.layers = layers;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/network").handler(this::network);
        Failures.only(router, HttpMethod.GET, "/api/layers").handler(this::layers);
    }

    private void network(RoutingContext context) {
        bus.ask(new GetNetworks(), PATIENCE).recover(cause -> Future.failedFuture(ConductorClient.refusal(cause, PATIENCE)))
                .onSuccess(networks -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(new JsonObject()
                        .put("generator", RunJson.value(networks.generator())).put("discriminator", RunJson.value(networks.discriminator()))
                        .encode()))
                .onFailure(context::fail);
    }

    /// One after the other, each `[u32 little-endian length]` and that many bytes as a scene's.
    private void layers(RoutingContext context) {
        String asked = context.queryParams().contains("since") ? String.valueOf(context.queryParams().get("since")) : "-1";
        if (!asked.matches("-1|\\d{1,18}")) {
            throw new HttpFailure(400, "since: expected a step, or -1 for all, found " + asked);
        }
        long since = Long.parseLong(asked);
        var body = Buffer.buffer();
        layers.steps().stream().filter(step -> step > since).forEach(step -> layers.at(step).ifPresent(look -> {
            var frame = LiveClient.encode(Scenes.header(look), look.bytes());
            body.appendIntLE(frame.length()).appendBuffer(frame);
        }));
        answers.send(context, new CachedBody(body, "application/octet-stream"));
    }
}
