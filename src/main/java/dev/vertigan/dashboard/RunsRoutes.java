package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.UserError;
import dev.vertigan.values.OpenRun;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/// The runs beside this one, and what is done to them: `GET` and `POST /api/runs`, `PUT /api/runs/NAME/notes`, `POST /api/runs/NAME/{play,rename}`,
/// `DELETE /api/runs/NAME`.
final class RunsRoutes {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,79}");
    private static final int MOST_TAGS = 32;
    private static final int LONGEST_TAG = 64;
    private static final int LONGEST_NOTE = 8_192;

    private static final Duration PATIENCE = Duration.ofMinutes(10); // data may have to be read

    private final Vertx vertx;
    private final RunClient run;
    private final Runs runs;
    private final Answers answers;

    RunsRoutes(Vertx vertx, RunClient run, Runs runs, Answers answers) {
        this.vertx = vertx;
        this.run = run;
        this.runs = runs;
        this.answers = answers;
    }

    void mount(Router router) {
        router.get("/api/runs").handler(this::list);
        router.post("/api/runs").handler(JsonBody::read).handler(this::begin);
        router.route("/api/runs").handler(context -> Failures.wrongMethod(context, "GET, POST"));
        Failures.only(router, HttpMethod.POST, "/api/runs/:name/rename").handler(JsonBody::read).handler(this::rename);
        Failures.only(router, HttpMethod.DELETE, "/api/runs/:name").handler(this::delete);
        Failures.only(router, HttpMethod.PUT, "/api/runs/:name/notes").handler(JsonBody::read).handler(this::note);
        Failures.only(router, HttpMethod.POST, "/api/runs/:name/play").handler(JsonBody::read).handler(this::play);
    }

    private void list(RoutingContext context) {
        vertx.executeBlocking(() -> {
            var list = new JsonArray();
            runs.list().forEach(run -> list.add(json(run)));
            return new JsonObject().put("runs", list).encode();
        }, false).onSuccess(json -> answers.send(context, "application/json", json)).onFailure(context::fail);
    }

    private static JsonObject json(Runs.Run run) {
        return new JsonObject().put("name", run.name()).put("current", run.current()).put("data", run.data())
                .put("kind", RunJson.kind(run.kind())).put("columns", new JsonArray(run.columns())).put("objective", run.objective())
                .put("seed", run.seed()).put("preset", run.preset()).put("steps", run.steps()).put("step", run.step().orElse(null))
                .put("begun", run.begun()).put("last", run.last()).put("state", run.state())
                .put("parent", run.parent().map(parent -> new JsonObject().put("name", parent.name()).put("step", parent.step())
                        .put("settings", RunJson.settings(parent.settings()))).orElse(null))
                .put("figures", run.figures().map(report -> {
                    var figures = new JsonObject();
                    report.values().forEach((metric, value) -> figures.put(metric.column(), Double.isFinite(value) ? value : value.toString()));
                    return figures;
                }).orElse(null))
                .put("tags", new JsonArray(run.tags())).put("note", run.note());
    }

    private void play(RoutingContext context) {
        RunRoutes.refuseUnknown(JsonBody.object(context), List.of());
        run.ask(new OpenRun(String.valueOf(context.pathParam("name"))), PATIENCE)
                .onSuccess(opening -> {
                    context.response().setStatusCode(202);
                    answers.send(context, "application/json", new JsonObject().put("name", opening.name()).encode());
                }).onFailure(context::fail);
    }

    private void begin(RoutingContext context) {
        var body = JsonBody.object(context);
        RunRoutes.refuseUnknown(body, List.of("name", "preset", "settings", "data"));
        String name = folderName(body.path("name").asText(), "name");
        String preset = body.path("preset").asText();
        var settings = PastRoutes.settings(body);
        var data = Optional.ofNullable(body.get("data")).map(set -> folderName(set.asText(), "data"));
        act(context, 201, name, () -> {
            runs.begin(name, preset, settings, data);
            return name;
        });
    }

    private void rename(RoutingContext context) {
        var body = JsonBody.object(context);
        RunRoutes.refuseUnknown(body, List.of("to"));
        String name = String.valueOf(context.pathParam("name"));
        String to = folderName(body.path("to").asText(), "to");
        act(context, 200, to, () -> {
            runs.rename(name, to);
            return to;
        });
    }

    private void delete(RoutingContext context) {
        String name = String.valueOf(context.pathParam("name"));
        act(context, 200, name, () -> {
            runs.delete(name);
            return name;
        });
    }

    private void act(RoutingContext context, int status, String name, Callable<String> act) {
        vertx.executeBlocking(act, false).onSuccess(_ -> {
            context.response().setStatusCode(status);
            answers.send(context, "application/json", new JsonObject().put("name", name).encode());
        }).onFailure(cause -> context.fail(cause instanceof UserError error ? HttpFailure.problems(error.getMessage().lines().toList()) : cause));
    }

    /// A name that leads nowhere else.
    static String folderName(String name, String field) {
        if (!NAME.matcher(name).matches()) {
            throw HttpFailure.problems(List.of(field + ": expected a folder's name of letters, digits, dots, dashes and underscores, found \"" + name
                    + "\""));
        }
        return name;
    }

    private void note(RoutingContext context) {
        var body = JsonBody.object(context);
        RunRoutes.refuseUnknown(body, List.of("tags", "note"));
        var tags = tags(body);
        String note = body.path("note").asText();
        if (note.length() > LONGEST_NOTE) {
            throw HttpFailure.problems(List.of("note: expected at most " + LONGEST_NOTE + " characters, found " + note.length()));
        }
        String name = String.valueOf(context.pathParam("name"));
        vertx.executeBlocking(() -> runs.note(name, tags, note), false).onSuccess(found -> {
            if (found) {
                answers.send(context, "application/json", new JsonObject().put("tags", new JsonArray(tags)).put("note", note).encode());
            } else {
                context.fail(new HttpFailure(404, name + ": no such run beside this one; GET /api/runs lists them"));
            }
        }).onFailure(context::fail);
    }

    private static List<String> tags(ObjectNode body) {
        if (!body.has("tags")) {
            return List.of();
        }
        var tags = new ArrayList<String>();
        if (body.get("tags") instanceof ArrayNode list) {
            for (JsonNode tag : list) {
                tags.add(tag.isTextual() ? tag.asText().strip() : "");
            }
        } else {
            tags.add("");
        }
        if (tags.size() > MOST_TAGS || tags.stream().anyMatch(tag -> tag.isEmpty() || tag.length() > LONGEST_TAG)) {
            throw HttpFailure.problems(List.of("tags: expected a list of at most " + MOST_TAGS + " words of at most " + LONGEST_TAG
                    + " characters, found " + body.get("tags")));
        }
        return tags;
    }
}
