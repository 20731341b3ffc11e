package dev.vertigan.dashboard;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// All open connections: how many there may be, and how long each may keep the server waiting. All of them live on one event loop.
final class Connections {

    /// The last one in Vert.x's pipelines, of HTTP and of WebSockets.
    private static final String VERTX = "handler";

    /// The handler that ends connections whose answers are not read.
    static final String WRITE_TIMEOUT = "write timeout";

    private static final long MEETING_MILLIS = 1_000; // a server that may speak HTTP/2 shows no connection before its first bytes

    private final ConnectionLimits limits;
    private final Set<Guard> waiting = new LinkedHashSet<>(); // the one that began to wait first comes first
    private int open;
    private boolean listening;
    private boolean gated;
    private final Promise<Void> met = Promise.promise(); // the first connection

    Connections(ConnectionLimits limits) {
        this.limits = limits;
    }

    /// Begins to serve: Vert.x accepts connections a moment before its server is whole, and would never answer those. The first one is
    /// our own, as Vert.x shows the channel that accepts only through one that was accepted.
    ///
    /// @return completes when no more are accepted than may be, or when the first connection was not seen in time: the next one will be
    Future<Void> listen(Vertx vertx, String host, int port) {
        listening = true;
        var client = vertx.createNetClient();
        long timer = vertx.setTimer(MEETING_MILLIS, _ -> met.tryComplete());
        client.connect(port, host).onFailure(unreachable -> met.tryComplete());
        return met.future().onComplete(_ -> vertx.cancelTimer(timer)).eventually(client::close);
    }

    void accept(HttpConnection connection) {
        if (!listening) {
            connection.close();
            return;
        }
        var channel = ((HttpServerConnection) connection).channelHandlerContext().channel();
        if (!gated) {
            gated = true;
            channel.parent().pipeline().addFirst("gate", new Gate());
        }
        met.tryComplete();
        var pipeline = channel.pipeline();
        open++;
        pipeline.channel().closeFuture().addListener(closed -> open--);
        pipeline.addBefore(VERTX, WRITE_TIMEOUT, new UnreadAnswers(limits.write()));
        pipeline.addBefore(VERTX, "guard", new Guard());
        if (open > limits.count()) {
            waiting.iterator().next().drop(); // at least the new one waits
        }
    }

    /// Of the channel that accepts, on a thread of its own: connections come faster than the event loop can send others away, and each has
    /// its descriptor from the moment on that it is accepted.
    private final class Gate extends ChannelInboundHandlerAdapter {

        private final AtomicInteger accepted = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var child = (Channel) message;
            if (accepted.incrementAndGet() > 2 * limits.count()) {
                accepted.decrementAndGet();
                child.unsafe().closeForcibly();
                return;
            }
            child.closeFuture().addListener(closed -> accepted.decrementAndGet());
            context.fireChannelRead(child);
        }
    }

    private static final class UnreadAnswers extends WriteTimeoutHandler {

        UnreadAnswers(Duration patience) {
            super(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        protected void writeTimedOut(ChannelHandlerContext context) {
            var _ = context.close();
        }
    }

    /// Of one connection: ends it when its client takes too long.
    private final class Guard extends ChannelDuplexHandler {

        private ChannelHandlerContext channel;
        private Optional<ScheduledFuture<?>> deadline = Optional.empty();
        private boolean sending;
        private int unanswered;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context;
            await(limits.head());
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            awaitNothing();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof PingWebSocketFrame && !context.channel().isWritable()) {
                ReferenceCountUtil.release(message); // RFC 6455, 5.5.3: not every ping needs its pong, and these would pile up
                return;
            }
            if (message instanceof HttpRequest) {
                sending = true;
                unanswered++;
                awaitClient();
            }
            if (message instanceof LastHttpContent) {
                sending = false;
                awaitClient();
            }
            super.channelRead(context, message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof HttpResponse response && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                awaitNothing(); // from here on it is up to the WebSocket
            } else if (message instanceof LastHttpContent) {
                promise.unvoid().addListener(written -> {
                    unanswered--;
                    awaitClient();
                });
            }
            super.write(context, message, promise.unvoid());
        }

        /// While an answer is due nobody waits for the client.
        private void awaitClient() {
            if (sending && unanswered == 1) {
                await(limits.body());
            } else if (unanswered == 0) {
                await(limits.idle());
            } else {
                awaitNothing();
            }
        }

        private void await(Duration time) {
            awaitNothing();
            deadline = Optional.of(channel.executor().schedule(this::drop, time.toMillis(), TimeUnit.MILLISECONDS));
            waiting.add(this);
        }

        private void awaitNothing() {
            deadline.ifPresent(timer -> timer.cancel(false));
            deadline = Optional.empty();
            waiting.remove(this);
        }

        void drop() {
            awaitNothing();
            var _ = channel.close();
        }
    }
}
