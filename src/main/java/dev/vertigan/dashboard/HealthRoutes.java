package dev.vertigan.dashboard;

import dev.vertigan.values.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// For machines that watch: `GET /health/live`, `GET /health/ready`, `GET /metrics`.
final class HealthRoutes {

    private static final String TEXT = "text/plain";
    private static final String OPEN_METRICS = "application/openmetrics-text";

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

    /// In OpenMetrics for whoever prefers it, else in Prometheus's own text. Reading every meter takes milliseconds, so not on the event loop.
    private void metrics(RoutingContext context) {
        String preferred = context.parsedHeaders().accept().stream().map(type -> type.component() + "/" + type.subComponent())
                .filter(List.of(OPEN_METRICS, TEXT)::contains).findFirst().orElse(TEXT);
        String format = preferred + (preferred.equals(OPEN_METRICS) ? "; version=1.0.0" : "; version=0.0.4") + "; charset=utf-8";
        vertx.executeBlocking(() -> registry.scrape(format), false)
                .onSuccess(text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, format)
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(text))
                .onFailure(context::fail);
    }
}
