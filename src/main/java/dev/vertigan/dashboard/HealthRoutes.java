package dev.vertigan.dashboard;

import dev.vertigan.values.Status;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// For whoever restarts it: `GET /health/live`, `GET /health/ready`.
final class HealthRoutes {

    private final RunClient run;

    HealthRoutes(RunClient run) {
        this.run = run;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/health/live").handler(context -> send(context, 200, new JsonObject().put("live", true)));
        Failures.only(router, HttpMethod.GET, "/health/ready").handler(context -> run.status()
                .onSuccess(status -> ready(context, status))
                .onFailure(cause -> notReady(context, String.valueOf(cause.getMessage()))));
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
}
