package dev.vertigan.dashboard;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.websocket.WebSocketFrameImpl;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// One open WebSocket: is sent what came since it was sent something, once it has acknowledged that. So at most one round is on its way, and
/// what a slow client misses waits nowhere.
final class LiveClient {

    private static final short GOING_AWAY = 1001;
    private static final short UNSUPPORTED = 1003;
    private static final short POLICY = 1008;
    private static final short TOO_BIG = 1009;

    /// Characters a client may send at once: an acknowledgement has 40.
    private static final int MAX_INBOUND = 4096;
    private static final String TOO_LONG = "at most " + MAX_INBOUND + " characters are understood";

    private final ServerWebSocket socket;
    private final Runnable cut;
    private final Broadcast broadcast;
    private final LiveHub hub;
    private long heard;
    private long seen; // numbers of messages: the last that it was sent, or need not be sent,
    private long sent; // the last that was written,
    private long acknowledged; // and the last that it has
    private long since; // when that one was written
    private boolean closing;

    /// @param cut ends the connection at once, with whatever is not sent
    LiveClient(ServerWebSocket socket, Runnable cut, Broadcast broadcast, LiveHub hub) {
        this.socket = socket;
        this.cut = cut;
        this.broadcast = broadcast;
        this.hub = hub;
        heard = hub.now();
        since = heard;
        seen = broadcast.last();
    }

    /// Says hello and begins to listen.
    void open(String hello) {
        socket.exceptionHandler(this::broken);
        socket.closeHandler(closed -> hub.remove(this));
        socket.pongHandler(pong -> heard = hub.now());
        socket.binaryMessageHandler(bytes -> close(UNSUPPORTED, "only text is understood"));
        socket.textMessageHandler(this::receive);
        socket.writeFinalTextFrame(hello);
        write(broadcast.standing());
    }

    /// Whether it was not sent a message.
    boolean misses(Broadcast.Message message) {
        return message.number() > seen;
    }

    /// Writes all that it may have, if it has what it was sent before.
    void send() {
        if (sent == acknowledged && !closing && !socket.isClosed()) {
            write(List.copyOf(broadcast.after(seen)));
        }
    }

    private void write(List<Broadcast.Message> messages) {
        for (var message : messages) {
            var _ = socket
                    .writeFrame(new WebSocketFrameImpl(message.isText() ? WebSocketFrameType.TEXT : WebSocketFrameType.BINARY, message.bytes()));
            sent = message.number();
            seen = Math.max(seen, sent);
            since = hub.now();
        }
    }

    /// Closes a client that no longer takes part.
    void check(LiveLimits limits) {
        if (sent > acknowledged && hub.now() - since > limits.patienceMillis()) {
            close(POLICY, "a frame was not acknowledged for " + limits.patienceMillis() / 1000 + " s");
        } else if (hub.now() - heard > limits.pingMillis() + limits.patienceMillis()) {
            close(GOING_AWAY, "nothing was heard from you");
        }
    }

    void ping() {
        if (!socket.isClosed() && !socket.writeQueueFull()) {
            socket.writePing(Buffer.buffer());
        }
    }

    private void broken(Throwable cause) {
        switch (cause) {
            case CorruptedWebSocketFrameException corrupt when corrupt.closeStatus().code() != TOO_BIG -> close((short) corrupt.closeStatus().code(),
                    "not as RFC 6455 has it: " + corrupt.getMessage());
            // A frame or a message of many grew too long, or the connection broke and no code matters.
            default -> close(TOO_BIG, TOO_LONG);
        }
    }

    private void receive(String text) {
        if (closing) {
            return;
        }
        heard = hub.now();
        if (text.length() > MAX_INBOUND) {
            close(TOO_BIG, TOO_LONG);
            return;
        }
        var number = acknowledged(text);
        if (number.isEmpty()) {
            close(POLICY, "expected {\"type\":\"ack\",\"frame\":NUMBER}");
        } else if (number.getAsLong() > acknowledged && number.getAsLong() <= sent) {
            acknowledged = number.getAsLong(); // and so it has all before
            send();
        } else {
            close(POLICY, "no frame of that number waits for an ack");
        }
    }

    /// Closes it because the trainer ends.
    void end() {
        close(GOING_AWAY, "the trainer ends");
        cut.run();
    }

    /// The client counts as gone from here on, whether or not it says goodbye.
    private void close(short code, String reason) {
        if (!closing) {
            closing = true;
            hub.remove(this);
            socket.close(code, reason);
            hub.afterGoodbye(cut);
        }
    }

    private static OptionalLong acknowledged(String text) {
        try {
            var message = new JsonObject(text);
            var frame = message.getValue("frame");
            boolean understood = message.fieldNames().equals(Set.of("type", "frame")) && "ack".equals(message.getValue("type"));
            return understood && (frame instanceof Integer || frame instanceof Long) ? OptionalLong.of(((Number) frame).longValue())
                    : OptionalLong.empty();
        } catch (DecodeException malformed) {
            return OptionalLong.empty();
        }
    }
}
