package dev.vertigan.dashboard;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/// Sends answers as fast as their clients read, and bounds what waits for those that do not.
final class Answers {

    private static final int PIECE = 64 * 1024;

    private final int budget;
    private int waiting;

    /// @param budget bytes of answers that may wait for their readers, all together
    Answers(int budget) {
        this.budget = budget;
    }

    /// Sends what was made for this request alone.
    void send(RoutingContext context, String contentType, String text) {
        send(context, contentType, Buffer.buffer(text));
    }

    /// Sends what was made for this request alone.
    void send(RoutingContext context, String contentType, Buffer bytes) {
        if (hasRoom(context, bytes.length())) {
            write(context.response().putHeader(HttpHeaders.CONTENT_TYPE, contentType).putHeader(HttpHeaders.CACHE_CONTROL, "no-store"), bytes);
        }
    }

    /// Sends what was read for this request alone.
    void send(RoutingContext context, CachedBody body) {
        if (hasRoom(context, body.bytes().length())) {
            body.send(context);
        }
    }

    /// Keeps room for an answer until it is sent; fails the request if too much waits already. One answer always goes.
    private boolean hasRoom(RoutingContext context, int bytes) {
        if (waiting > 0 && waiting + bytes > budget) {
            context.fail(new HttpFailure(503, "too many answers wait for clients that do not read them: ask again in a minute"));
            return false;
        }
        waiting += bytes;
        context.addEndHandler(_ -> waiting -= bytes);
        return true;
    }

    /// Ends a response with a body, of which no more than a piece or two is ever copied to the connection.
    static void write(HttpServerResponse response, Buffer bytes) {
        response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes.length()));
        write(response, bytes, 0);
    }

    private static void write(HttpServerResponse response, Buffer bytes, int from) {
        int next = from;
        while (bytes.length() - next > PIECE && !response.closed()) {
            if (response.writeQueueFull()) {
                int rest = next;
                response.drainHandler(_ -> write(response, bytes, rest));
                return;
            }
            response.write(bytes.slice(next, next + PIECE));
            next += PIECE;
        }
        if (!response.closed()) {
            response.end(bytes.slice(next, bytes.length()));
        }
    }
}
