package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.Rule;
import dev.vertigan.config.Setting;
import dev.vertigan.config.Spelling;
import dev.vertigan.values.Command;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Shows and controls the run: `GET /api/run`, `GET /api/settings`,
/// `POST /api/run/{stop,resume,step,advance,pace,checkpoint,bookmark,rollback}`, `PATCH /api/run/settings`.
final class RunRoutes {

    private static final String TURNS = "turns";
    private static final String PART = "part";
    private static final String PACE = "turnsPerSecond";
    private static final Rule PARTS = new Rule.OneOf(List.of("message", "update"));
    private static final Rule PACES = new Rule.Real(0, true, 1e6, true);
    private static final int LONGEST_NAME = 200;
    private static final Rule STEP = new Rule.Whole(0, Long.MAX_VALUE);
    private static final Rule MAKEABLE = new Rule.Whole(1, 1_000_000_000);

    private final RunInfo info;
    private final RunClient run;

    RunRoutes(RunInfo info, RunClient run) {
        this.info = info;
        this.run = run;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/run").handler(context -> send(context, run.status()
                .map(status -> new JsonObject().put("info", RunJson.info(info)).put("status", RunJson.status(status)))));
        Failures.only(router, HttpMethod.GET, "/api/settings").handler(context -> send(context, Future.succeededFuture(
                new JsonObject().put("settings", Catalogue.settings(Setting.all())))));
        command(Failures.only(router, HttpMethod.POST, "/api/run/stop"), body -> bare(body, new Command.Stop()));
        command(Failures.only(router, HttpMethod.POST, "/api/run/resume"), body -> bare(body, new Command.Resume()));
        command(Failures.only(router, HttpMethod.POST, "/api/run/checkpoint"), body -> bare(body, new Command.SaveCheckpoint()));
        command(Failures.only(router, HttpMethod.POST, "/api/run/bookmark"), RunRoutes::bookmark);
        command(Failures.only(router, HttpMethod.POST, "/api/run/step"), RunRoutes::step);
        command(Failures.only(router, HttpMethod.POST, "/api/run/advance"), RunRoutes::advance);
        command(Failures.only(router, HttpMethod.POST, "/api/run/pace"), RunRoutes::pace);
        command(Failures.only(router, HttpMethod.POST, "/api/run/rollback"), RunRoutes::rollBack);
        command(Failures.only(router, HttpMethod.PATCH, "/api/run/settings"), RunRoutes::edit);
    }

    private void command(Route route, Function<ObjectNode, Command> read) {
        route.handler(JsonBody::read).handler(context -> send(context, run.ask(read.apply(JsonBody.object(context))).map(RunJson::status)));
    }

    private static void send(RoutingContext context, Future<JsonObject> answer) {
        answer.onSuccess(json -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(json.encode())).onFailure(context::fail);
    }

    private static Command bare(ObjectNode body, Command command) {
        refuseUnknown(body, List.of());
        return command;
    }

    private static Command bookmark(ObjectNode body) {
        refuseUnknown(body, List.of("name"));
        String name = body.path("name").asText();
        if (name.length() > LONGEST_NAME) {
            throw HttpFailure.problems(List.of("name: expected at most " + LONGEST_NAME + " characters, found " + name.length()));
        }
        return new Command.Bookmark(name);
    }

    private static Command step(ObjectNode body) {
        refuseUnknown(body, List.of(TURNS));
        if (!body.has(TURNS)) {
            return new Command.Step(1);
        }
        if (!MAKEABLE.accepts(body.get(TURNS))) {
            throw HttpFailure.problems(List.of(TURNS + ": " + MAKEABLE.refusal(body.get(TURNS))));
        }
        return new Command.Step(body.get(TURNS).decimalValue().longValueExact());
    }

    private static Command advance(ObjectNode body) {
        refuseUnknown(body, List.of(PART));
        var part = body.path(PART);
        if (!PARTS.accepts(part)) {
            throw HttpFailure.problems(List.of(PART + ": " + PARTS.refusal(part)));
        }
        return new Command.Advance(Command.Part.valueOf(part.asText().toUpperCase(Locale.ROOT)));
    }

    private static Command pace(ObjectNode body) {
        refuseUnknown(body, List.of(PACE));
        var pace = body.path(PACE);
        if (!PACES.accepts(pace)) {
            throw HttpFailure.problems(List.of(PACE + ": " + PACES.refusal(pace) + "; 0 is as fast as can be"));
        }
        return new Command.SetPace(pace.asDouble());
    }

    private static Command rollBack(ObjectNode body) {
        refuseUnknown(body, List.of("step"));
        if (!STEP.accepts(body.path("step"))) {
            throw HttpFailure.problems(List.of("step: " + STEP.refusal(body.path("step"))));
        }
        return new Command.RollBack(body.get("step").decimalValue().longValueExact(), "asked for");
    }

    private static String meant(String key, List<String> known) {
        String hint = Spelling.hint(key, known);
        return hint.isEmpty() ? "; expected " + String.join(", ", known) : hint;
    }

    static void refuseUnknown(ObjectNode body, List<String> known) {
        var unknown = body.properties().stream().map(Map.Entry::getKey).filter(key -> !known.contains(key))
                .map(key -> key + ": unknown" + (known.isEmpty() ? "; nothing is expected here" : meant(key, known)))
                .toList();
        if (!unknown.isEmpty()) {
            throw HttpFailure.problems(unknown);
        }
    }

    /// The settings may be nested as in a file, or given by their paths; the Conductor knows which values fit.
    private static Command edit(ObjectNode body) {
        var assignments = new TreeMap<String, JsonNode>();
        flatten("", body, assignments);
        if (assignments.size() > Setting.all().size()) {
            throw new HttpFailure(400, "expected some of the " + Setting.all().size() + " settings, found " + assignments.size());
        }
        if (assignments.isEmpty()) {
            throw new HttpFailure(400,
                    "nothing to change: expected live settings, as in {\"generator.optimiser.rate\": 1e-4}; GET /api/settings lists them");
        }
        return new Command.Edit(assignments);
    }

    static void flatten(String prefix, ObjectNode settings, Map<String, JsonNode> into) {
        settings.properties().forEach(property -> {
            String path = prefix + property.getKey();
            if (property.getValue() instanceof ObjectNode inner) {
                flatten(path + ".", inner, into);
            } else if (into.put(path, property.getValue()) != null) {
                throw new HttpFailure(400, path + ": expected one value, found two");
            }
        });
    }
}
