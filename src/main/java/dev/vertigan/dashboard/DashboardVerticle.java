package dev.vertigan.dashboard;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.metrics.DashboardMeters;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Report;
import dev.vertigan.values.Scene;
import dev.vertigan.values.Status;
import dev.vertigan.values.Tempo;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The dashboard: one HTTP server on one event loop. It takes [Report], [Status] and [Picture] from the bus to the
/// browsers, and what a person asks for to whoever serves it.
public final class DashboardVerticle extends VerticleBase {

    /// What a WebSocket client may send at once before it is cut off, bytes. Far above what [LiveClient] takes, for whoever is cut
    /// off is not told why.
    private static final int MAX_INBOUND = 64 * 1024;

    private static final long LAG_MILLIS = 500; // between two looks at whether the event loop is late

    /// Bytes of answers that may wait for clients that do not read them.
    private static final int MAX_WAITING = 64 << 20;

    /// Bytes of scenes kept to be seen again.
    private static final long SCENES_KEPT = 48L << 20;

    /// Bytes of looks at the layers kept.
    private static final long LAYERS_KEPT = 4L << 20;

    /// After which even the longest answer to a slow client is given up.
    private static final long LONGEST_READ_MILLIS = 300_000;

    private final Bus bus;
    private final RunConfig.Dashboard config;
    private final RunInfo info;
    private final Kept kept;
    private final PrometheusMeterRegistry registry;
    private final LiveLimits limits;
    private final Connections connections;
    private final AccessRules access;
    private final TokenPage tokenPage;
    private final Scenes layers = new Scenes(LAYERS_KEPT);
    private final Scenes scenes = new Scenes(SCENES_KEPT);
    private LiveHub hub;
    private volatile Router router;
    private volatile int port;

    /// @throws UserError if the address is not loopback and there is no token
    public DashboardVerticle(Bus bus, RunConfig.Dashboard config, RunInfo info, Kept kept, PrometheusMeterRegistry registry) {
        this(bus, config, info, kept, registry, ConnectionLimits.ofProcess());
    }

    private DashboardVerticle(Bus bus, RunConfig.Dashboard config, RunInfo info, Kept kept, PrometheusMeterRegistry registry,
            ConnectionLimits connections) {
        this(bus, config, info, kept, registry, LiveLimits.within(connections), connections);
    }

    /// @throws UserError if the address is not loopback and there is no token
    public DashboardVerticle(Bus bus, RunConfig.Dashboard config, RunInfo info, Kept kept, PrometheusMeterRegistry registry,
            LiveLimits limits, ConnectionLimits connections) {
        this.bus = bus;
        this.config = config;
        this.info = info;
        this.kept = kept;
        this.registry = registry;
        this.limits = limits;
        this.connections = new Connections(connections);
        access = new AccessRules(config);
        tokenPage = new TokenPage(access);
    }

    /// The address to open in a browser, once it is deployed; with the token if one is asked.
    public String page() {
        return AccessRules.page(config, port);
    }

    /// The port it listens at, once it is deployed.
    public int port() {
        return port;
    }

    /// Every route, once it is deployed.
    List<Route> routes() {
        return router.getRoutes();
    }

    /// The deployment fails with a [UserError] if it cannot listen there.
    @Override
    public Future<HttpServer> start() {
        var meters = new DashboardMeters(registry);
        hub = new LiveHub(vertx, info, limits, meters, scenes, audience -> bus.publish(Addresses.AUDIENCE, audience));
        router = Router.router(vertx);
        mount();
        follow();
        watchLag(meters);
        return vertx.createHttpServer(options()).connectionHandler(connections::accept).requestHandler(router).listen()
                .recover(cause -> Future.failedFuture(cannotListen(cause)))
                .compose(server -> {
                    port = server.actualPort();
                    return connections.listen(vertx, AccessRules.reachable(config.host()), port).map(server);
                });
    }

    private void mount() {
        var run = new RunClient(bus);
        var answers = new Answers(MAX_WAITING);
        Failures.mount(router);
        var files = new StaticFiles(vertx, "web/");
        new AccessHandler(access, tokenPage).mount(router, open -> {
            new HealthRoutes(run).mount(open);
            tokenPage.mount(open);
            files.mountOpen(open);
        });
        new LiveRoute(hub, run, limits).mount(router);
        router.get().handler(TimeoutHandler.create(LONGEST_READ_MILLIS)); // what the run is told to do has a patience of its own
        new ApiRoute().mount(router);
        new RunRoutes(info, run).mount(router);
        new DataRoutes(run, info).mount(router);
        new HistoryRoutes(vertx, kept, answers).mount(router);
        new PastRoutes(run, answers).mount(router);
        new RunsRoutes(vertx, run, kept.runs(), answers).mount(router);
        new UploadRoutes(vertx, kept.runs().data()).mount(router);
        new NeighbourRoutes(vertx, kept.runs(), answers).mount(router);
        new PresetRoutes(vertx, kept.runs(), answers).mount(router);
        new SceneRoutes(vertx, scenes, kept.scenes(), answers).mount(router);
        new LayerRoutes(run, layers, answers).mount(router);
        new ExploreRoutes(run, answers).mount(router);
        new MetricsRoute(vertx, registry, answers).mount(router);
        files.mount(router);
    }

    @Override
    public Future<?> stop() {
        hub.end();
        return Future.succeededFuture();
    }

    private void follow() {
        bus.listen(Addresses.REPORTS, Report.class, hub::report);
        bus.listen(Addresses.STATUS, Status.class, hub::status);
        bus.listen(Addresses.PICTURES, Picture.class, hub::picture);
        bus.listen(Addresses.SCENES, Scene.class, hub::scene);
        bus.listen(Addresses.LAYERS, Scene.class, layers::add);
        bus.listen(Addresses.GLIMPSES, Scene.class, hub::glimpse);
        bus.listen(Addresses.TEMPO, Tempo.class, hub::tempo);
        bus.listen(Addresses.EXCHANGES, Exchange.class, hub::exchange);
        bus.listen(Addresses.PULSE, Pulse.class, hub::pulse);
        play();
        vertx.setPeriodic(Math.max(1, limits.patienceMillis() / 10), tick -> hub.check());
        vertx.setPeriodic(limits.pingMillis(), tick -> hub.ping());
    }

    /// One round after the other.
    private void play() {
        vertx.setTimer(hub.round(), _ -> play());
    }

    /// Each timer is set when the one before has run, so that a loop that was stuck is late once.
    private void watchLag(DashboardMeters meters) {
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS);
        vertx.setTimer(LAG_MILLIS, _ -> {
            meters.lag(System.nanoTime() - due);
            watchLag(meters);
        });
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setTcpKeepAlive(true)
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(4096)
                .setMaxHeaderSize(16 * 1024)
                .setMaxWebSocketFrameSize(MAX_INBOUND)
                .setMaxWebSocketMessageSize(MAX_INBOUND)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }

    private Throwable cannotListen(Throwable cause) {
        return switch (cause) {
            case BindException bind when String.valueOf(bind.getMessage()).contains("in use") -> new UserError("port " + config.port() + " of "
                    + config.host() + " is in use: stop the other program, or choose another port with --set dashboard.port=8081, "
                    + "or any free one with --set dashboard.port=0", bind);
            case BindException bind -> new UserError("cannot listen at " + config.host() + " port " + config.port() + ": " + bind.getMessage()
                    + "; dashboard.host must be an address of this machine", bind);
            case UnknownHostException unknown -> new UserError("dashboard.host " + config.host() + " is not known: give an address of this "
                    + "machine, as in --set dashboard.host=127.0.0.1", unknown);
            default -> new UserError("cannot listen at " + config.host() + " port " + config.port() + ": " + cause.getMessage(), cause);
        };
    }
}
