package dev.vertigan.dashboard;

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
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// All open WebSockets. Everything is encoded once, for all of them, and not at all if there are none.
final class LiveHub {

    /// Of the messages on `/live`; a page of another one reloads itself.
    private static final int PROTOCOL = 3;

    private final Vertx vertx;
    private final RunInfo info;
    private final LiveLimits limits;
    private final DashboardMeters meters;
    private final Set<LiveClient> clients = new LinkedHashSet<>();
    private final Map<Picture.Source, Picture> newest = new EnumMap<>(Picture.Source.class);
    private final Scenes scenes;
    private final Consumer<Audience> audience;
    private Optional<Status> status = Optional.empty();
    private String tempo = TurnJson.tempo(new Tempo(0, Optional.empty())).put("type", "tempo").encode();

    /// @param scenes takes those that come
    /// @param audience told how many look, when that changes and now and then
    LiveHub(Vertx vertx, RunInfo info, LiveLimits limits, DashboardMeters meters, Scenes scenes, Consumer<Audience> audience) {
        this.scenes = scenes;
        this.audience = audience;
        this.vertx = vertx;
        this.info = info;
        this.limits = limits;
        this.meters = meters;
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
        var client = new LiveClient(socket, cut, new Outbox(limits.rows()), this);
        clients.add(client);
        meters.clients(clients.size());
        newest.values().forEach(client.outbox()::picture);
        scenes.newest().ifPresent(client.outbox()::scene);
        client.outbox().news("tempo", tempo);
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
            String frame = new JsonObject().put("type", "status").put("status", RunJson.status(now)).encode();
            clients.forEach(client -> client.outbox().status(frame));
        }
    }

    void report(Report report) {
        if (!clients.isEmpty()) {
            String row = ReportJson.row(report);
            clients.forEach(client -> meters.reportsDropped(client.outbox().report(row)));
        }
    }

    void picture(Picture picture) {
        newest.put(picture.source(), picture);
        clients.forEach(client -> meters.picturesDropped(client.outbox().picture(picture)));
    }

    void scene(Scene scene) {
        scenes.add(scene);
        clients.forEach(client -> client.outbox().scene(scene));
    }

    /// Of a turn under way: seen, not kept.
    void glimpse(Scene scene) {
        clients.forEach(client -> client.outbox().scene(scene));
    }

    void tempo(Tempo now) {
        tempo = TurnJson.tempo(now).put("type", "tempo").encode();
        clients.forEach(client -> client.outbox().news("tempo", tempo));
    }

    void exchange(Exchange exchange) {
        if (!clients.isEmpty()) {
            String json = TurnJson.exchange(exchange).encode();
            clients.forEach(client -> client.outbox().exchange(json));
        }
    }

    void pulse(Pulse pulse) {
        if (!clients.isEmpty()) {
            String frame = TurnJson.pulse(pulse).put("type", "pulse").encode();
            clients.forEach(client -> client.outbox().news("pulse", frame));
        }
    }

    /// Writes what came since the last tick. Messages are gathered in between, so a trainer that reports a thousand times a
    /// second costs no more than one that reports twenty times.
    void flush() {
        everyone().forEach(LiveClient::flush);
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

    long reportInterval() {
        return limits.reportInterval(clients.size());
    }

    /// A copy, since any of them may leave on the way.
    private Collection<LiveClient> everyone() {
        return List.copyOf(clients);
    }
}
