package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.metrics.Observability;
import dev.vertigan.values.Command;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import dev.vertigan.values.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A real dashboard on a free port, with the test playing the conductor.
final class Dashboard implements AutoCloseable {

    /// What the run is edited from.
    static final RunConfig CONFIG = new ConfigLoader().load("ring-2014", Optional.empty(), List.of());

    static final RunConfig.Dashboard LOOPBACK = at("127.0.0.1", 0, "");
    static final RunInfo INFO = new RunInfo("2026-11-21-ring", new RunInfo.Data("ring", Dataset.Kind.POINTS_2D, List.of(2), 100_000,
            List.of(List.of(1.0, 0.0), List.of(0.0, 1.0)), List.of()),
            new RunInfo.Game("non-saturating", Optional.of(0.5), 2 * Math.log(2), Math.log(2), Optional.of(0.0)),
            CONFIG.live(), 42, 256, 2, 17_282, 17_025, "simd, MKL", "0.1.0",
            Instant.parse("2026-11-21T12:00:00Z"), "runs/2026-11-21-ring");

    private static final Vertx CLIENTS = Vertx.vertx();
    private static final HttpClient REQUESTS = CLIENTS.createHttpClient(new HttpClientOptions().setKeepAlive(false)); // a connection each
    private static final WebSocketClient SOCKETS = CLIENTS.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(1000).setMaxFrameSize(1 << 24).setMaxMessageSize(1 << 24));

    final Observability observability = Observability.start("2026-11-21-ring");
    final Bus bus = new Bus(observability.vertx(), (request, nanos) -> {});
    final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    final int port;
    final String page;
    final List<Route> routes;
    volatile Status status = status(Status.State.RUNNING, 1200);
    volatile Optional<Failure> refusal = Optional.empty();
    volatile Future<Void> delay = Future.succeededFuture();

    record Answer(int status, Map<String, String> headers, byte[] bytes) {

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        JsonObject json() {
            return new JsonObject(text());
        }

        String error() {
            return json().getString("error");
        }
    }

    Dashboard() {
        this(LOOPBACK, LiveLimits.DEFAULT);
    }

    Dashboard(RunConfig.Dashboard config, LiveLimits limits) {
        this(config, limits, ConnectionLimits.ofProcess(), Kept.nothing());
    }

    Dashboard(ConnectionLimits connections) {
        this(LOOPBACK, LiveLimits.DEFAULT, connections, Kept.nothing());
    }

    Dashboard(Samples samples) {
        this(LOOPBACK, LiveLimits.DEFAULT, (_, _, _) -> List.of(), samples);
    }

    Dashboard(RunConfig.Dashboard config, LiveLimits limits, History history, Samples samples) {
        this(config, limits, ConnectionLimits.ofProcess(), new Kept(history, samples, _ -> List.of(), Runs.none()));
    }

    /// Of a run on other data.
    Dashboard(RunInfo.Data data) {
        this(data, Samples.none());
    }

    Dashboard(RunInfo.Data data, Samples samples) {
        this(new RunInfo(INFO.name(), data, INFO.game(), INFO.begun(), INFO.seed(), INFO.batch(), INFO.latent(), INFO.parametersG(),
                INFO.parametersD(), INFO.kernels(), INFO.version(), INFO.started(), INFO.folder()), LOOPBACK, LiveLimits.DEFAULT,
                ConnectionLimits.ofProcess(), new Kept((_, _, _) -> List.of(), samples, _ -> List.of(), Runs.none()));
    }

    Dashboard(RunConfig.Dashboard config, LiveLimits limits, ConnectionLimits connections, Kept kept) {
        this(INFO, config, limits, connections, kept);
    }

    private Dashboard(RunInfo info, RunConfig.Dashboard config, LiveLimits limits, ConnectionLimits connections, Kept kept) {
        bus.serve(Command.GetStatus.class, command -> status);
        bus.serveLater(Command.Stop.class, this::obey);
        bus.serveLater(Command.Resume.class, this::obey);
        bus.serveLater(Command.Step.class, this::obey);
        bus.serveLater(Command.SaveCheckpoint.class, this::obey);
        bus.serveLater(Command.Advance.class, this::obey);
        bus.serveLater(Command.SetPace.class, this::obey);
        bus.serveLater(Command.Bookmark.class, this::obey);
        bus.serveLater(Command.RollBack.class, this::obey);
        bus.serveLater(Command.Edit.class, this::obey);
        var verticle = new DashboardVerticle(bus, config, info, kept, observability.registry(), limits,
                connections);
        await(observability.vertx().deployVerticle(verticle));
        port = verticle.port();
        page = verticle.page();
        routes = verticle.routes();
    }

    static RunConfig.Dashboard at(String host, int port, String token, String... origins) {
        return new RunConfig.Dashboard(host, port, token, "", List.of(origins), false);
    }

    static Status status(Status.State state, long step) {
        return new Status(state, step, 20_000, 3.5, 41_000, Optional.of(12.5), Optional.of(1000L), 0, CONFIG.live(), Optional.empty());
    }

    static Report report(long step) {
        return Reports.of(step, 1_700_000_000_000L + step, 1.25, 0.5, 0.75, 0.25, 2, 3, 0.001, 0.002, 4.5, 50_000);
    }

    static Picture picture(Picture.Source source, long step, int bytes) {
        return new Picture(source, Picture.Format.PNG, step, 64, 224, 224, new byte[bytes]);
    }

    private Future<Status> obey(Command command) {
        if (command instanceof Command.Edit(var assignments)) {
            try {
                CONFIG.with(assignments);
            } catch (InvalidEdit e) {
                return Future.failedFuture(Failure.of(e));
            }
        }
        commands.add(command);
        return refusal.<Future<Status>>map(Future::failedFuture).orElse(delay.map(_ -> status));
    }

    Answer get(String path) {
        return request(HttpMethod.GET, path, Map.of(), "");
    }

    Answer post(String path, String json) {
        return request(HttpMethod.POST, path, Map.of("content-type", "application/json"), json);
    }

    Answer request(HttpMethod method, String path, Map<String, String> headers, String body) {
        var options = new RequestOptions().setMethod(method).setHost("127.0.0.1").setPort(port).setURI(path).setFollowRedirects(false);
        headers.forEach(options::putHeader);
        return await(REQUESTS.request(options).compose(request -> (body.isEmpty() ? request.send() : request.send(body)).compose(Dashboard::answer)));
    }

    /// A body whose length is not told beforehand.
    Answer postChunked(String path, String json) {
        return await(REQUESTS.request(HttpMethod.POST, port, "127.0.0.1", path).compose(request -> {
            request.setChunked(true).putHeader("content-type", "application/json").write(json);
            request.end();
            return request.response().compose(Dashboard::answer);
        }));
    }

    /// To be called on the event loop of the answer: called later, it would miss the first bytes.
    private static Future<Answer> answer(HttpClientResponse response) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach(entry -> headers.put(entry.getKey(), entry.getValue()));
        return response.body().map(body -> new Answer(response.statusCode(), headers, body.getBytes()));
    }

    /// One that acknowledges nothing by itself.
    Browser browser() {
        return new Browser(await(connect(Map.of())), false);
    }

    Browser acknowledgingBrowser() {
        return new Browser(await(connect(Map.of())), true);
    }

    /// Handlers must be set before the first frame can come, so the socket comes paused, by a listener set on the event loop:
    /// one set on the test's thread may come late.
    Future<WebSocket> connect(Map<String, String> headers) {
        var options = new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/live");
        headers.forEach(options::putHeader);
        var connected = Promise.<WebSocket>promise();
        CLIENTS.runOnContext(go -> SOCKETS.connect(options).onSuccess(WebSocket::pause).onComplete(connected));
        return connected.future();
    }

    void awaitConnections(int count) {
        var connections = observability.registry().get("vertx.http.server.active.connections").gauge();
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (connections.value() != count) {
            assertTrue(System.nanoTime() < deadline, () -> connections.value() + " connections");
            Thread.onSpinWait();
        }
    }

    double counter(String name, String kind) {
        return observability.registry().get(name).tag("kind", kind).counter().count();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError(late);
        }
    }

    @Override
    public void close() {
        await(observability.vertx().close());
    }
}
