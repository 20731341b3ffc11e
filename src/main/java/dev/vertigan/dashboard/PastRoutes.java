package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.Rule;
import dev.vertigan.config.Setting;
import dev.vertigan.values.PastRequest.MakeFork;
import dev.vertigan.values.PastRequest.EndVisit;
import dev.vertigan.values.PastRequest.GetVisit;
import dev.vertigan.values.PastRequest.GetVisitedPicture;
import dev.vertigan.values.PastRequest.GetVisitedReports;
import dev.vertigan.values.PastRequest.Visit;
import dev.vertigan.values.PastRequest.Visited;
import dev.vertigan.values.Picture;
import dev.vertigan.values.ReportJson;
import dev.vertigan.values.Request;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The run's past: `POST`, `GET` and `DELETE /api/visit` go to any step, say how far that is, and end it; `GET /api/visit/reports` is what was
/// measured on the way; `GET /api/visit/STEP.png` is the picture that the run drew there, or would have; `POST /api/fork` makes a run that begins
/// there.
final class PastRoutes {

    private static final Pattern PICTURE = Pattern.compile("(\\d{1,18})\\.(png|f32)");
    private static final Rule STEP = new Rule.Whole(0, Long.MAX_VALUE);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofDays(7); // a fork is answered when its turns were played again

    private final RunClient run;
    private final Answers answers;

    PastRoutes(RunClient run, Answers answers) {
        this.run = run;
        this.answers = answers;
    }

    void mount(Router router) {
        router.post("/api/visit").handler(JsonBody::read)
                .handler(context -> visited(context, 202, visit(JsonBody.object(context))));
        router.get("/api/visit").handler(context -> visited(context, 200, new GetVisit()));
        router.delete("/api/visit").handler(context -> visited(context, 200, new EndVisit()));
        router.route("/api/visit").handler(context -> Failures.wrongMethod(context, "GET, POST, DELETE"));
        Failures.only(router, HttpMethod.GET, "/api/visit/reports").handler(this::reports);
        Failures.only(router, HttpMethod.GET, "/api/visit/:file").handler(this::picture);
        Failures.only(router, HttpMethod.POST, "/api/fork").handler(JsonBody::read).handler(this::fork);
    }

    private void visited(RoutingContext context, int status, Request<Visited> request) {
        run.ask(request, SOON).onSuccess(visited -> {
            context.response().setStatusCode(status);
            answers.send(context, "application/json", json(visited).encode());
        }).onFailure(context::fail);
    }

    private static Visit visit(ObjectNode body) {
        long step = step(body, List.of("step", "since"));
        var since = Optional.ofNullable(body.get("since")).filter(value -> !value.isNull());
        since.filter(value -> !new Rule.Whole(0, step).accepts(value)).ifPresent(value -> {
            throw HttpFailure.problems(List.of("since: " + new Rule.Whole(0, step).refusal(value)));
        });
        return new Visit(step, since.map(JsonNode::longValue));
    }

    private void reports(RoutingContext context) {
        run.ask(new GetVisitedReports(), SOON)
                .onSuccess(found -> answers.send(context, "application/json", ReportJson.history(found.reports(), -1))).onFailure(context::fail);
    }

    private static JsonObject json(Visited visited) {
        return new JsonObject().put("state", visited.state().name()).put("step", visited.step()).put("from", visited.from()).put("at", visited.at())
                .put("secondsLeft", visited.secondsLeft().orElse(null)).put("message", visited.message())
                .put("notices", new JsonArray(visited.notices()));
    }

    private void picture(RoutingContext context) {
        var name = PICTURE.matcher(context.pathParam("file"));
        if (!name.matches()) {
            throw new HttpFailure(404, context.pathParam("file") + ": expected the step and .png or .f32, as in /api/visit/1000.png");
        }
        long step = Long.parseLong(name.group(1));
        var format = name.group(2).equals("png") ? Picture.Format.PNG : Picture.Format.POINTS;
        run.ask(new GetVisitedPicture(step), SOON).onSuccess(found -> found.picture().filter(picture -> picture.format() == format).ifPresentOrElse(
                picture -> answers.send(context, new CachedBody(Buffer.buffer(picture.bytes()),
                        format == Picture.Format.PNG ? "image/png" : "application/octet-stream")),
                () -> context.fail(new HttpFailure(404, "step " + step + " was not visited recently, or has no such picture; POST /api/visit "
                        + "{\"step\": " + step + "} goes there"))))
                .onFailure(context::fail);
    }

    private void fork(RoutingContext context) {
        var body = JsonBody.object(context);
        long step = step(body, List.of("step", "name", "settings"));
        String name = RunsRoutes.folderName(body.path("name").asText(), "name");
        run.ask(new MakeFork(step, name, settings(body)), LONG).onSuccess(made -> {
            context.response().setStatusCode(201).putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(new JsonObject().put("name", made.name()).put("folder", made.folder()).encode());
        }).onFailure(context::fail);
    }

    static Map<String, JsonNode> settings(ObjectNode body) {
        var settings = new TreeMap<String, JsonNode>();
        if (body.has("settings")) {
            if (!(body.get("settings") instanceof ObjectNode object)) {
                throw HttpFailure.problems(List.of("settings: expected an object, as in {\"batch\": 128}"));
            }
            RunRoutes.flatten("", object, settings);
        }
        // Who may use the page may not read and write whatever the trainer may.
        var outside = settings.keySet().stream().filter(path -> Setting.at(path).filter(Setting::ofTheMachine).isPresent())
                .map(path -> path + ": expected settings of the game, found one that decides which files are read, or who sees the run; give it on "
                        + "the command line")
                .toList();
        if (!outside.isEmpty()) {
            throw HttpFailure.problems(outside);
        }
        return settings;
    }

    private static long step(ObjectNode body, List<String> known) {
        RunRoutes.refuseUnknown(body, known);
        if (!body.has("step") || !STEP.accepts(body.get("step"))) {
            throw HttpFailure.problems(List.of("step: " + (body.has("step") ? STEP.refusal(body.get("step")) : "expected a step, found none")));
        }
        return body.get("step").decimalValue().longValueExact();
    }
}
