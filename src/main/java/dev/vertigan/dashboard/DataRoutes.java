package dev.vertigan.dashboard;

import dev.vertigan.values.StreamRequest.Push;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/// Takes rows for a run whose data are a stream: `POST /api/data`.
final class DataRoutes {

    /// Bytes of a body.
    static final int LIMIT = 8 << 20;

    private static final int AT_ONCE = 8; // bodies that are held, read or being written
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Map<String, String> FORMS = Map.of("application/json", "json", "text/csv", "csv", "application/x-npy", "npy",
            "application/octet-stream", "npy", "image/png", "png", "image/jpeg", "jpg", "image/webp", "webp", "image/bmp", "bmp");

    private final RunClient run;
    private final boolean streams;
    private final BodyHandler reader = BodyHandler.create(false).setBodyLimit(LIMIT);
    private int held;

    DataRoutes(RunClient run, RunInfo info) {
        this.run = run;
        streams = info.data().name().equals("stream");
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.POST, "/api/data").handler(this::check).handler(this::push);
    }

    private void check(RoutingContext context) {
        if (!streams) {
            throw new HttpFailure(409, "expected a run whose data are a stream, found another: begin one with --set data.name=stream");
        }
        form(context);
        if (held == AT_ONCE) {
            throw new HttpFailure(429, "expected at most " + AT_ONCE + " pushes at once; send this one again in a moment");
        }
        held++;
        context.addEndHandler(_ -> held--);
        context.put(Failures.BODY_LIMIT, LIMIT);
        reader.handle(context);
    }

    private static String form(RoutingContext context) {
        String type = Objects.requireNonNullElse(context.request().getHeader(HttpHeaders.CONTENT_TYPE), "none");
        return Optional.ofNullable(FORMS.get(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))).orElseThrow(() -> new HttpFailure(415,
                "expected a body of Content-Type " + String.join(", ", new TreeSet<>(FORMS.keySet())) + ", found " + type));
    }

    private void push(RoutingContext context) {
        var body = context.body().buffer();
        byte[] content = body == null ? new byte[0] : body.getBytes();
        run.ask(new Push(form(context), content), PATIENCE)
                .onSuccess(pushed -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(new JsonObject().put("rows", pushed.rows()).put("total", pushed.total()).put("waiting", pushed.waiting()).encode()))
                .onFailure(context::fail);
    }
}
