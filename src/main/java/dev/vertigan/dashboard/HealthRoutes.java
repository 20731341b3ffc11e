package dev.vertigan.dashboard;

import dev.vertigan.bus.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// For machines that watch: `GET /health/live`, `GET /health/ready`, `GET /metrics`.
final class HealthRoutes {

    private final Vertx vertx;
    private final ConductorClient conductor;
    private final PrometheusMeterRegistry registry;

    HealthRoutes(Vertx vertx, ConductorClient conductor, PrometheusMeterRegistry registry) {
        this.vertx = vertx;
        this.conductor = conductor;
        this.registry = registry;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/health/live").handler(context -> send(context, 200, new JsonObject().put("live", true)));
        Failures.only(router, HttpMethod.GET, "/health/ready").handler(context -> conductor.status()
                .onSuccess(status -> ready(context, status))
                .onFailure(cause -> notReady(context, cause.getMessage())));
        Failures.only(router, HttpMethod.GET, "/metrics").handler(this::metrics);
    }

    private static void ready(RoutingContext context, Status status) {
        if (status.state() == Status.State.FAILED) {
            notReady(context, status.failure().map(failure -> "the run failed at step " + failure.step() + ": " + failure.message())
                    .orElse("the run failed"));
        } else {
            send(context, 200, new JsonObject().put("ready", true).put("state", status.state().name()));
        }
    }

    private static void notReady(RoutingContext context, String why) {
        send(context, 503, new JsonObject().put("ready", false).put("error", why));
    }

    private static void send(RoutingContext context, int status, JsonObject body) {
        context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(body.encode());
    }

    /// Reading every meter takes milliseconds, so not on the event loop.
    private void metrics(RoutingContext context) {
        vertx.executeBlocking(() -> registry.scrape(), false)
                .onSuccess(text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(text))
                .onFailure(context::fail);
    }
}
