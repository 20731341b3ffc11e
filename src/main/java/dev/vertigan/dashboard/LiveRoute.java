package dev.vertigan.dashboard;

import dev.vertigan.values.Status;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// `GET /live`: from HTTP to a WebSocket, or why not.
final class LiveRoute {

    private final LiveHub hub;
    private final RunClient run;
    private final LiveLimits limits;

    LiveRoute(LiveHub hub, RunClient run, LiveLimits limits) {
        this.hub = hub;
        this.run = run;
        this.limits = limits;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/live").handler(this::upgrade);
    }

    private static ChannelPipeline pipeline(HttpServerRequest request) {
        return ((HttpServerConnection) request.connection()).channelHandlerContext().channel().pipeline();
    }

    /// Vert.x waits for a client's goodbye only once its own is written, which to one that reads nothing never happens: it would keep
    /// the connection, and the whole server, from ending. So this goes past Vert.x, which would make even `channel.close()` wait.
    private static void cut(HttpServerRequest request) {
        var first = pipeline(request).firstContext();
        if (first != null) { // a connection that has ended has no handlers left
            first.flush(); // a goodbye
            var _ = first.close();
        }
    }

    private void open(HttpServerRequest request, ServerWebSocket socket, Status status) {
        pipeline(request).remove(Connections.WRITE_TIMEOUT); // a client has to acknowledge what it is sent
        // All frames of a round are handed to the kernel at once.
        pipeline(request).addFirst("flushes", new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        // Vert.x would read what is not UTF-8 as if it were.
        pipeline(request).addBefore("handler", "UTF-8", new Utf8FrameValidator(false));
        hub.open(socket, () -> cut(request), status);
    }

    private void upgrade(RoutingContext context) {
        var request = context.request();
        if (!request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
            context.response().putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
            throw new HttpFailure(426, "/live is a WebSocket; GET /api/run and GET /api/history answer plain requests");
        }
        request.pause();
        hub.status().map(Future::succeededFuture).orElseGet(run::status)
                .compose(status -> {
                    if (hub.isFull()) {
                        throw new HttpFailure(503, limits.clients() + " dashboards are open already: close one");
                    }
                    return request.toWebSocket().onSuccess(socket -> open(request, socket, hub.status().orElse(status)));
                })
                .onFailure(cause -> {
                    request.resume();
                    context.fail(cause);
                });
    }
}
