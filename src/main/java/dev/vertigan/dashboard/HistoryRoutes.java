package dev.vertigan.dashboard;

import dev.vertigan.values.ReportJson;
import dev.vertigan.values.ReportTable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What the run did so far: `GET /api/history?since=STEP&until=STEP&limit=N&as=table`, `GET /api/samples`, `GET /api/samples/{step}.png`,
/// `GET /api/journal`. All sources may read files, so they are asked on worker threads.
final class HistoryRoutes {

    private static final int DEFAULT_ROWS = 4_000;
    private static final int MAX_ROWS = 40_000;
    private static final int MAX_EVENTS = 1_000;
    private static final Pattern PICTURE = Pattern.compile("(\\d{1,18})\\.(png|f32)");

    private final Vertx vertx;
    private final Kept kept;
    private final Answers answers;

    HistoryRoutes(Vertx vertx, Kept kept, Answers answers) {
        this.vertx = vertx;
        this.kept = kept;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/history").handler(this::history);
        Failures.only(router, HttpMethod.GET, "/api/samples").handler(this::steps);
        Failures.only(router, HttpMethod.GET, "/api/samples/:file").handler(this::picture);
        Failures.only(router, HttpMethod.GET, "/api/journal").handler(this::journal);
    }

    private void history(RoutingContext context) {
        history(context, vertx, answers, kept::history);
    }

    private void steps(RoutingContext context) {
        steps(context, vertx, answers, kept::samples);
    }

    /// Answers with the reports of a run.
    ///
    /// @param run asked on a worker thread
    static void history(RoutingContext context, Vertx vertx, Answers answers, Supplier<History> run) {
        long since = since(context);
        long until = parameter(context, "until", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        int limit = (int) parameter(context, "limit", DEFAULT_ROWS, 1, MAX_ROWS);
        boolean table = context.queryParam("as").contains("table");
        vertx.executeBlocking(() -> {
            var reports = run.get().between(since, until, limit);
            return table ? Buffer.buffer(ReportTable.of(reports)) : Buffer.buffer(ReportJson.history(reports, since));
        }, false).onSuccess(body -> answers.send(context, table ? "application/octet-stream" : "application/json", body))
                .onFailure(context::fail);
    }

    /// Answers with the steps of which a run has pictures.
    static void steps(RoutingContext context, Vertx vertx, Answers answers, Supplier<Samples> run) {
        vertx.executeBlocking(() -> new JsonObject().put("steps", new JsonArray(run.get().steps())).encode(), false)
                .onSuccess(json -> answers.send(context, "application/json", json)).onFailure(context::fail);
    }

    private void journal(RoutingContext context) {
        vertx.executeBlocking(() -> {
            var entries = new JsonArray();
            kept.events().newest(MAX_EVENTS).forEach(event -> entries.add(new JsonObject().put("step", event.step()).put("time", event.time())
                    .put("kind", event.kind()).put("details", RunJson.settings(event.details()))));
            return new JsonObject().put("entries", entries).encode();
        }, false).onSuccess(json -> answers.send(context, "application/json", json)).onFailure(context::fail);
    }

    private void picture(RoutingContext context) {
        picture(context, vertx, answers, kept::samples);
    }

    /// Answers with a picture of a run.
    static void picture(RoutingContext context, Vertx vertx, Answers answers, Supplier<Samples> run) {
        var name = PICTURE.matcher(context.pathParam("file"));
        if (!name.matches()) {
            throw new HttpFailure(404, context.pathParam("file") + ": expected the step and .png or .f32, as in /api/samples/1000.png");
        }
        long step = Long.parseLong(name.group(1));
        String suffix = name.group(2);
        String type = suffix.equals("png") ? "image/png" : "application/octet-stream";
        vertx.executeBlocking(() -> run.get().read(step, suffix).map(bytes -> new CachedBody(Buffer.buffer(bytes), type)), false)
                .onSuccess(picture -> picture.ifPresentOrElse(body -> answers.send(context, body), () -> context.fail(new HttpFailure(404,
                        "no such samples were kept at step " + step + "; GET /api/samples lists the steps that have some"))))
                .onFailure(context::fail);
    }

    /// The step after which the caller wants to know; -1, as if none is given, for all.
    static long since(RoutingContext context) {
        return parameter(context, "since", -1, -1, Long.MAX_VALUE);
    }

    private static long parameter(RoutingContext context, String name, long absent, long min, long max) {
        var values = context.queryParam(name);
        if (values.isEmpty()) {
            return absent;
        }
        try {
            long value = Long.parseLong(values.getFirst());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number out of range.
        }
        throw new HttpFailure(400, name + ": expected a whole number from " + min + " to " + max + ", found " + values.getFirst());
    }
}
