package dev.vertigan.dashboard;

import dev.vertigan.values.Command;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/// Shows and controls the run: `GET /api/run`, `POST /api/run/{stop,resume,step,checkpoint}`, `PATCH /api/run/settings`.
final class RunRoutes {

    private static final long MAX_TURNS = 1_000_000_000;
    private static final double MAX_RATE = 10;
    private static final int MAX_DISCRIMINATOR_STEPS = 100;
    private static final int MAX_REPORT_EVERY = 1_000_000;

    private final RunInfo info;
    private final ConductorClient conductor;

    RunRoutes(RunInfo info, ConductorClient conductor) {
        this.info = info;
        this.conductor = conductor;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/run").handler(context -> send(context, conductor.status()
                .map(status -> new JsonObject().put("info", RunJson.info(info)).put("status", RunJson.status(status)))));
        command(Failures.only(router, HttpMethod.POST, "/api/run/stop"), body -> bare(body, new Command.Stop()));
        command(Failures.only(router, HttpMethod.POST, "/api/run/resume"), body -> bare(body, new Command.Resume()));
        command(Failures.only(router, HttpMethod.POST, "/api/run/checkpoint"), body -> bare(body, new Command.SaveCheckpoint()));
        command(Failures.only(router, HttpMethod.POST, "/api/run/step"), RunRoutes::step);
        command(Failures.only(router, HttpMethod.PATCH, "/api/run/settings"), RunRoutes::edit);
    }

    private void command(Route route, Function<JsonObject, Command> read) {
        route.handler(JsonBody::read).handler(context -> send(context, conductor.ask(read.apply(JsonBody.object(context))).map(RunJson::status)));
    }

    private static void send(RoutingContext context, Future<JsonObject> answer) {
        answer.onSuccess(json -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(json.encode())).onFailure(context::fail);
    }

    private static Command bare(JsonObject body, Command command) {
        new Fields(body, List.of()).check();
        return command;
    }

    private static Command step(JsonObject body) {
        var fields = new Fields(body, List.of("turns"));
        var turns = fields.whole("turns", 1, MAX_TURNS);
        fields.check();
        return new Command.Step(turns.orElse(1L));
    }

    private static Command edit(JsonObject body) {
        var known = List.of("generatorRate", "discriminatorRate", "discriminatorSteps", "reportEvery");
        var fields = new Fields(body, known);
        var edit = new Command.Edit(fields.positive("generatorRate", MAX_RATE), fields.positive("discriminatorRate", MAX_RATE),
                fields.whole("discriminatorSteps", 1, MAX_DISCRIMINATOR_STEPS).map(Math::toIntExact),
                fields.whole("reportEvery", 1, MAX_REPORT_EVERY).map(Math::toIntExact));
        fields.check();
        if (body.isEmpty()) {
            throw new HttpFailure(400, "nothing to change: expected any of " + String.join(", ", known));
        }
        return edit;
    }
}
