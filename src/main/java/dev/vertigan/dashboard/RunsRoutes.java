package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/// The runs beside this one: `GET /api/runs`, `PUT /api/runs/NAME/notes`, `POST /api/runs/NAME/play`.
final class RunsRoutes {

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

    private void play(RoutingContext context) {
        RunRoutes.refuseUnknown(JsonBody.object(context), List.of());
        run.ask(new OpenRun(String.valueOf(context.pathParam("name"))), PATIENCE)
                .onSuccess(opening -> {
                    context.response().setStatusCode(202);
                    answers.send(context, "application/json", new JsonObject().put("name", opening.name()).encode());
                }).onFailure(context::fail);
    }

    void mount(Router router) {
        router.get("/api/runs").handler(this::list);
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
