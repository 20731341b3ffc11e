package dev.vertigan.dashboard;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// For Prometheus: `GET /metrics`.
final class MetricsRoute {

    private static final String TEXT = "text/plain";
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Vertx vertx;
    private final PrometheusMeterRegistry registry;
    private final Answers answers;

    MetricsRoute(Vertx vertx, PrometheusMeterRegistry registry, Answers answers) {
        this.vertx = vertx;
        this.registry = registry;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/metrics").handler(this::metrics);
    }

    /// In OpenMetrics for whoever prefers it, else in Prometheus's own text. Reading every meter takes milliseconds, so not on the event loop.
    private void metrics(RoutingContext context) {
        String preferred = context.parsedHeaders().accept().stream().map(type -> type.component() + "/" + type.subComponent())
                .filter(List.of(OPEN_METRICS, TEXT)::contains).findFirst().orElse(TEXT);
        String format = preferred + (preferred.equals(OPEN_METRICS) ? "; version=1.0.0" : "; version=0.0.4") + "; charset=utf-8";
        vertx.executeBlocking(() -> registry.scrape(format), false)
                .onSuccess(text -> answers.send(context, format, text))
                .onFailure(context::fail);
    }
}
