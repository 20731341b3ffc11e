package dev.vertigan.dashboard;

import dev.vertigan.bus.Bus;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;

/// `/metrics` and `/health` at an address of their own, for a network on which only those who watch are: it asks for no token, and shows
/// nothing else.
public final class MetricsVerticle extends VerticleBase {

    private static final int CONNECTIONS = 64;

    private static final int MAX_WAITING = 16 * 1024 * 1024; // bytes of answers that wait for their readers

    private final Bus bus;
    private final RunConfig.Metrics config;
    private final PrometheusMeterRegistry registry;
    private volatile int port;

    public MetricsVerticle(Bus bus, RunConfig.Metrics config, PrometheusMeterRegistry registry) {
        this.bus = bus;
        this.config = config;
        this.registry = registry;
    }

    /// The port it listens at, once it is deployed.
    public int port() {
        return port;
    }

    /// The deployment fails with a [UserError] if it cannot listen there.
    @Override
    public Future<HttpServer> start() {
        var router = Router.router(vertx);
        Failures.mount(router);
        new HealthRoutes(new RunClient(bus)).mount(router);
        new MetricsRoute(vertx, registry, new Answers(MAX_WAITING)).mount(router);
        var options = new HttpServerOptions().setHost(config.host()).setPort(config.port()).setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(4096).setMaxHeaderSize(16 * 1024);
        var connections = new Connections(ConnectionLimits.ofProcess().atMost(CONNECTIONS));
        return vertx.createHttpServer(options).connectionHandler(connections::accept).requestHandler(router).listen()
                .recover(cause -> Future.failedFuture(new UserError("cannot serve metrics at " + config.host() + " port " + config.port() + ": "
                        + cause.getMessage() + "; give an address of this machine and a free port with --set metrics.host=127.0.0.1 "
                        + "and --set metrics.port=0", cause)))
                .compose(server -> {
                    port = server.actualPort();
                    return connections.listen(vertx, AccessRules.reachable(config.host()), port).map(server);
                });
    }
}
