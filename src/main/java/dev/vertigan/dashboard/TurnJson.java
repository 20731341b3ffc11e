package dev.vertigan.dashboard;

import dev.vertigan.values.Exchange;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Tempo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/// What is seen inside of turns, as JSON.
final class TurnJson {

    private TurnJson() {}

    static JsonObject tempo(Tempo tempo) {
        return new JsonObject().put("turnsPerSecond", tempo.turnsPerSecond()).put("held", tempo.held().map(TurnJson::held).orElse(null));
    }

    private static JsonObject held(Tempo.Held held) {
        return new JsonObject().put("step", held.step()).put("next", lower(held.next())).put("update", held.update()).put("updates", held.updates())
                .put("message", held.message());
    }

    static JsonObject exchange(Exchange exchange) {
        var figures = new JsonObject();
        exchange.figures().forEach((metric, value) -> figures.put(metric.column(), Double.isFinite(value) ? value : String.valueOf(value)));
        return new JsonObject().put("step", exchange.step()).put("toward", lower(exchange.toward())).put("message", exchange.message())
                .put("address", exchange.address()).put("sent", loads(exchange.sent())).put("answered", loads(exchange.answered()))
                .put("millis", exchange.millis()).put("learnMillis", exchange.learnMillis()).put("figures", figures);
    }

    private static JsonArray loads(List<Exchange.Load> loads) {
        var array = new JsonArray();
        loads.forEach(
                load -> array.add(new JsonObject().put("name", load.name()).put("shape", new JsonArray(load.shape())).put("bytes", load.bytes())));
        return array;
    }

    static JsonObject pulse(Pulse pulse) {
        var messages = new JsonArray();
        pulse.messages().forEach(traffic -> messages.add(new JsonObject().put("message", traffic.message()).put("address", traffic.address())
                .put("count", traffic.count()).put("bytes", traffic.bytes()).put("medianMillis", traffic.medianMillis())
                .put("slowMillis", traffic.slowMillis())));
        var shares = new JsonObject();
        for (var part : Pulse.Part.values()) {
            shares.put(lower(part), pulse.shares().get(part.ordinal()));
        }
        return new JsonObject().put("seconds", pulse.seconds()).put("turns", pulse.turns()).put("messages", messages).put("shares", shares);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
