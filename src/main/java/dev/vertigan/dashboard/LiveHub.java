package dev.vertigan.dashboard;

import dev.vertigan.dashboard.Broadcast.Kind;
import dev.vertigan.metrics.DashboardMeters;
import dev.vertigan.values.Audience;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Report;
import dev.vertigan.values.ReportJson;
import dev.vertigan.values.Scene;
import dev.vertigan.values.Status;
import dev.vertigan.values.Tempo;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// All open WebSockets, and what is sent to all of them: in rounds, each of which takes to a client all that came since the one before.
final class LiveHub {

    /// Of the messages on `/live`; a page of another one reloads itself.
    private static final int PROTOCOL = 4;

    private final Vertx vertx;
    private final RunInfo info;
    private final LiveLimits limits;
    private final DashboardMeters meters;
    private final Set<LiveClient> clients = new LinkedHashSet<>();
    private final Broadcast broadcast;
    private final Scenes scenes;
    private final Consumer<Audience> audience;
    private Optional<Status> status = Optional.empty();
    private long reported = -1; // step of the newest report

    /// @param scenes takes those that come
    /// @param audience told how many look, when that changes and now and then
    LiveHub(Vertx vertx, RunInfo info, LiveLimits limits, DashboardMeters meters, Scenes scenes, Consumer<Audience> audience) {
        this.scenes = scenes;
        this.audience = audience;
        this.vertx = vertx;
        this.info = info;
        this.limits = limits;
        this.meters = meters;
        broadcast = new Broadcast(limits.rows(), this::lost);
        tempo(new Tempo(0, Optional.empty()));
    }

    /// The newest one published.
    Optional<Status> status() {
        return status;
    }

    boolean isFull() {
        return clients.size() >= limits.clients();
    }

    /// @param cut ends the connection at once
    void open(ServerWebSocket socket, Runnable cut, Status now) {
        broadcast.seal(); // what was reported so far it will find in the history
        var client = new LiveClient(socket, cut, broadcast, this);
        clients.add(client);
        meters.clients(clients.size());
        audience.accept(new Audience(clients.size()));
        client.open(new JsonObject().put("type", "hello").put("protocol", PROTOCOL)
                .put("info", RunJson.info(info)).put("catalogue", Catalogue.all(info.game())).put("status", RunJson.status(now)).encode());
    }

    void remove(LiveClient client) {
        clients.remove(client);
        audience.accept(new Audience(clients.size()));
        meters.clients(clients.size());
    }

    void status(Status now) {
        status = Optional.of(now);
        if (!clients.isEmpty()) {
            audience.accept(new Audience(clients.size())); // a trainer that has just started has not heard it yet
        }
        news(Kind.STATUS, () -> new JsonObject().put("status", RunJson.status(now)));
    }

    void report(Report report) {
        if (!clients.isEmpty()) {
            long before = reported < report.step() ? reported : report.step() - 1;
            broadcast.gather(Kind.REPORTS, ReportJson.row(report), (number, rows) -> text("{\"type\":\"reports\",\"frame\":" + number
                    + ",\"after\":" + before + ",\"columns\":" + ReportJson.COLUMNS + ",\"rows\":[" + String.join(",", rows) + "]}"));
        }
        reported = report.step();
    }

    void picture(Picture picture) {
        broadcast.put(switch (picture.source()) {
            case FAKE -> Kind.FAKE;
            case REAL -> Kind.REAL;
        }, number -> frame(header(picture).put("frame", number), picture.bytes()));
    }

    void scene(Scene scene) {
        scenes.add(scene);
        glimpse(scene);
    }

    /// Of a turn under way: seen, not kept.
    void glimpse(Scene scene) {
        broadcast.put(Kind.SCENE, number -> frame(Scenes.header(scene).put("frame", number), scene.bytes()));
    }

    void tempo(Tempo now) {
        news(Kind.TEMPO, () -> TurnJson.tempo(now));
    }

    void exchange(Exchange exchange) {
        if (!clients.isEmpty()) {
            broadcast.gather(Kind.EXCHANGES, TurnJson.exchange(exchange).encode(), (number, exchanges) -> text(
                    "{\"type\":\"exchanges\",\"frame\":" + number + ",\"exchanges\":[" + String.join(",", exchanges) + "]}"));
        }
    }

    void pulse(Pulse pulse) {
        news(Kind.PULSE, () -> TurnJson.pulse(pulse));
    }

    private void news(Kind kind, Supplier<JsonObject> content) {
        broadcast.put(kind, number -> content.get().put("type", kind.name().toLowerCase(Locale.ROOT)).put("frame", number).toBuffer().getBytes());
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject header(Picture picture) {
        return new JsonObject()
                .put("source", picture.source().name().toLowerCase(Locale.ROOT))
                .put("format", picture.format().name().toLowerCase(Locale.ROOT))
                .put("step", picture.step())
                .put("count", picture.count())
                .put("width", picture.width())
                .put("height", picture.height());
    }

    /// `[u32 little-endian header length][UTF-8 JSON header][payload]`.
    private static byte[] frame(JsonObject header, byte[] payload) {
        byte[] text = header.toBuffer().getBytes();
        return ByteBuffer.allocate(Integer.BYTES + text.length + payload.length).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length).put(text)
                .put(payload).array();
    }

    private void lost(Broadcast.Message message) {
        int clientsWithout = (int) clients.stream().filter(client -> client.misses(message)).count();
        switch (message.kind()) {
            case FAKE, REAL -> meters.picturesDropped(clientsWithout);
            case REPORTS -> meters.reportsDropped(clientsWithout * message.count());
            case STATUS, TEMPO, PULSE, EXCHANGES, SCENE -> {} // only the newest says how things are
        }
    }

    /// Sends what came since the last round. Messages are gathered in between, so a trainer that reports a thousand times a second costs no more
    /// than one that reports twenty times.
    ///
    /// @return milliseconds to the next one
    long round() {
        if (!clients.isEmpty()) {
            broadcast.release();
            everyone().forEach(LiveClient::send);
        }
        return limits.interval(clients.size());
    }

    void check() {
        everyone().forEach(client -> client.check(limits));
    }

    void ping() {
        everyone().forEach(LiveClient::ping);
    }

    /// Closes all of them.
    void end() {
        everyone().forEach(LiveClient::end);
    }

    /// Runs an action when a client has had time to say goodbye.
    void afterGoodbye(Runnable action) {
        vertx.setTimer(limits.goodbyeMillis(), elapsed -> action.run());
    }

    /// Milliseconds of a steady clock.
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /// A copy, since any of them may leave on the way.
    private Collection<LiveClient> everyone() {
        return List.copyOf(clients);
    }
}
