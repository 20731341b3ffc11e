package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.Rule;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Request;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Samples of latents of one's choice: `GET /api/latents` says what there is, `POST /api/explore` draws, `POST /api/explore/nearest` finds the
/// training sample nearest to one.
final class ExploreRoutes {

    private static final List<String> KNOWN = List.of("a", "b", "at", "steps", "weights", "class", "truncation", "step");
    private static final int MOST_SAMPLES = 256;
    private static final double FARTHEST = 100; // times a latent
    private static final Rule CELL = new Rule.Whole(0, 1_000_000_000);
    private static final Rule PAST = new Rule.Whole(0, Long.MAX_VALUE);
    private static final Rule STEPS = new Rule.Whole(2, MOST_SAMPLES);
    private static final Rule TRUNCATION = Rule.Real.atLeast(0.01);
    private static final Duration PATIENCE = Duration.ofMinutes(2); // a turn of a large network must end first

    private final RunClient run;
    private final Answers answers;

    ExploreRoutes(RunClient run, Answers answers) {
        this.run = run;
        this.answers = answers;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api/latents").handler(context -> ask(new GetLatents())
                .onSuccess(space -> answers.send(context, "application/json", json(space).encode())).onFailure(context::fail));
        Failures.only(router, HttpMethod.POST, "/api/explore").handler(JsonBody::read).handler(this::explore);
        Failures.only(router, HttpMethod.POST, "/api/explore/nearest").handler(JsonBody::read).handler(this::nearest);
    }

    private <R extends Record> Future<R> ask(Request<R> request) {
        return run.ask(request, PATIENCE);
    }

    private static JsonObject json(LatentSpace space) {
        return new JsonObject().put("pictured", space.pictured()).put("size", space.size()).put("normal", space.normal())
                .put("classes", space.classes()).put("training", space.training());
    }

    private void explore(RoutingContext context) {
        asked(JsonBody.object(context)).compose(this::ask).onSuccess(explored -> {
            var picture = explored.picture();
            context.response().putHeader("Vertigan-Step", String.valueOf(picture.step()));
            answers.send(context, new CachedBody(Buffer.buffer(picture.bytes()),
                    picture.format() == Picture.Format.PNG ? "image/png" : "application/octet-stream"));
        }).onFailure(context::fail);
    }

    private void nearest(RoutingContext context) {
        asked(JsonBody.object(context)).compose(of -> ask(new FindNearest(of))).onSuccess(found -> answers.send(context, "application/json",
                new JsonObject().put("index", found.index()).put("label", found.label()).put("distance", found.distance())
                        .put("searched", found.searched()).put("training", found.training())
                        .put("picture", Base64.getEncoder().encodeToString(found.picture().bytes())).encode()))
                .onFailure(context::fail);
    }

    /// All that is wrong with a request is said at once; the class is held against G's.
    private Future<Explore> asked(ObjectNode body) {
        RunRoutes.refuseUnknown(body, KNOWN);
        var problems = new ArrayList<String>();
        long a = whole(body, "a", CELL, 0, problems);
        long b = whole(body, "b", CELL, a, problems);
        int steps = (int) whole(body, "steps", STEPS, 0, problems);
        var at = places(body, problems);
        if (steps > 0 && body.has("at")) {
            problems.add("at: expected places or steps, found both");
        }
        var weights = body.path("weights").asText("average");
        if (!List.of("average", "raw").contains(weights)) {
            problems.add("weights: expected average or raw, found " + body.get("weights"));
        }
        var truncation = Optional.ofNullable(body.get("truncation")).filter(value -> !value.isNull());
        truncation.filter(value -> !TRUNCATION.accepts(value)).ifPresent(value -> problems.add("truncation: " + TRUNCATION.refusal(value)));
        var past = Optional.ofNullable(body.get("step")).filter(value -> !value.isNull());
        past.filter(value -> !PAST.accepts(value)).ifPresent(value -> problems.add("step: " + PAST.refusal(value)));
        var only = Optional.ofNullable(body.get("class")).filter(value -> !value.isNull());
        return ask(new GetLatents()).map(space -> {
            only.filter(value -> !new Rule.Whole(0, space.classes() - 1L).accepts(value)).ifPresent(value -> problems.add("class: "
                    + (space.classes() == 0 ? "expected none, as this generator knows no classes, found " + value
                            : new Rule.Whole(0, space.classes() - 1L).refusal(value))));
            if (!problems.isEmpty()) {
                throw HttpFailure.problems(problems);
            }
            return new Explore(a, b, at, steps, weights.equals("average"), only.map(JsonNode::intValue), truncation.map(JsonNode::doubleValue),
                    past.map(value -> value.decimalValue().longValueExact()));
        });
    }

    private static long whole(ObjectNode body, String name, Rule rule, long absent, List<String> problems) {
        var value = body.get(name);
        if (value == null) {
            return absent;
        }
        if (!rule.accepts(value)) {
            problems.add(name + ": " + rule.refusal(value));
            return absent;
        }
        return value.decimalValue().longValueExact();
    }

    /// Without any, a itself.
    private static List<Double> places(ObjectNode body, List<String> problems) {
        var places = new ArrayList<Double>();
        var given = body.get("at");
        if (given == null) {
            return List.of(1.0, 0.0);
        }
        boolean fits = given instanceof ArrayNode && !given.isEmpty() && given.size() <= MOST_SAMPLES;
        for (int i = 0; fits && i < given.size(); i++) {
            var place = given.get(i);
            fits = place instanceof ArrayNode && place.size() == 2 && within(place.get(0)) && within(place.get(1));
            if (fits) {
                places.add(place.get(0).doubleValue());
                places.add(place.get(1).doubleValue());
            }
        }
        if (!fits) {
            problems.add("at: expected 1 to " + MOST_SAMPLES + " places [x, y] within ±" + (int) FARTHEST + ", as in [[1, 0], [0.5, 0.5]], found "
                    + given.toString().substring(0, Math.min(80, given.toString().length())));
        }
        return places;
    }

    private static boolean within(JsonNode number) {
        return number.isNumber() && Math.abs(number.doubleValue()) <= FARTHEST;
    }
}
