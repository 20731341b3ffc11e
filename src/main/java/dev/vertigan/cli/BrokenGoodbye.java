package dev.vertigan.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Marker;

/// Keeps one message of Netty out of the log: that Vert.x 5.1.6 has closed a WebSocket twice. When a browser is gone before Vert.x could answer its
/// goodbye, `WebSocketConnectionImpl.handleClosed` keeps the promise of closing, fails the answer that still waits to be written, and the answer's
/// listener closes with the same promise again. The connection is closed, and nobody can do anything about it.
public final class BrokenGoodbye extends TurboFilter {

    private static final String LOGGER = "io.netty.util.concurrent.DefaultPromise";
    private static final String MESSAGE = "An exception was thrown by io.vertx.core.http.impl.websocket.WebSocketConnectionImpl";
    private static final String CAUSE = "promise already done";

    @Override
    public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable cause) {
        boolean kept = !logger.getName().equals(LOGGER) || !String.valueOf(format).startsWith(MESSAGE)
                || !(cause instanceof IllegalArgumentException) || !String.valueOf(cause.getMessage()).startsWith(CAUSE);
        return kept ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
