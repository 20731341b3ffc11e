package dev.vertigan.dashboard;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns every failed request into `{"error": message}`, with `"problems"` if there are several.
final class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    /// Those that Vert.x Web answers by itself.
    private static final List<Integer> STATUSES = List.of(400, 404, 405, 413);

    /// Under which a request keeps how many bytes its body may have, if not as many as JSON.
    static final String BODY_LIMIT = "bodyLimit";

    private static final String RETRY_SECONDS = "1";

    private Failures() {}

    static void mount(Router router) {
        router.route().failureHandler(Failures::answer);
        STATUSES.forEach(status -> router.errorHandler(status, Failures::answer));
    }

    /// The route of an address that answers one method; any other is told so.
    static Route only(Router router, HttpMethod method, String path) {
        var route = router.route(method, path);
        router.route(path).handler(context -> wrongMethod(context, method.name()));
        return route;
    }

    static void wrongMethod(RoutingContext context, String allowed) {
        context.response().putHeader(HttpHeaders.ALLOW, allowed);
        context.fail(405);
    }

    private static void answer(RoutingContext context) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        var failure = context.failure() instanceof HttpFailure known ? known : unplanned(context);
        var body = new JsonObject().put("error", failure.getMessage());
        if (!failure.problems().isEmpty()) {
            body.put("problems", new JsonArray(failure.problems()));
        }
        if (failure.status() == 429) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        context.response().setStatusCode(failure.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(body.encode());
    }

    private static HttpFailure unplanned(RoutingContext context) {
        String request = context.request().method() + " " + context.request().path();
        boolean path = String.valueOf(context.request().path()).startsWith("/"); // Vert.x Web answers 404 to what is none
        return switch (path ? context.statusCode() : 400) {
            case 400 -> new HttpFailure(400, request + ": not a valid HTTP request");
            case 404 -> new HttpFailure(404, request + ": there is nothing here; GET /api/run shows the run");
            case 405 -> new HttpFailure(405, request + ": not with this method; the address answers "
                    + context.response().headers().get(HttpHeaders.ALLOW));
            case 413 -> new HttpFailure(413, request + ": the body is longer than "
                    + Objects.requireNonNullElse(context.<Integer>get(BODY_LIMIT), JsonBody.LIMIT) + " bytes");
            default -> {
                log.error("{} failed", request, context.failure());
                yield new HttpFailure(500, request + ": failed inside; the trainer's log says why. The run is not affected");
            }
        };
    }
}
