package dev.vertigan.dashboard;

import dev.vertigan.values.Picture;
import dev.vertigan.values.Scene;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/// One open WebSocket: writes what its [Outbox] gives while the socket takes it, and listens for acknowledgements.
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
    private final Outbox outbox;
    private final LiveHub hub;
    private long heard;
    private boolean closing;

    /// @param cut ends the connection at once, with whatever is not sent
    LiveClient(ServerWebSocket socket, Runnable cut, Outbox outbox, LiveHub hub) {
        this.socket = socket;
        this.cut = cut;
        this.outbox = outbox;
        this.hub = hub;
        heard = hub.now();
    }

    /// Says hello and begins to listen.
    void open(String hello) {
        socket.exceptionHandler(this::broken);
        socket.closeHandler(closed -> hub.remove(this));
        socket.drainHandler(drained -> flush());
        socket.pongHandler(pong -> heard = hub.now());
        socket.binaryMessageHandler(bytes -> close(UNSUPPORTED, "only text is understood"));
        socket.textMessageHandler(this::receive);
        socket.writeFinalTextFrame(hello);
        flush();
    }

    Outbox outbox() {
        return outbox;
    }

    /// Writes all that may be written now. A full write queue is left alone, so nothing piles up in it either.
    void flush() {
        while (!socket.isClosed() && !socket.writeQueueFull()) {
            var frame = outbox.next(hub.now(), hub.reportInterval());
            if (frame.isEmpty()) {
                return;
            }
            switch (frame.get()) {
                case Outbox.Frame.Text(var text) -> socket.writeFinalTextFrame(text);
                case Outbox.Frame.Image(var number, var picture) -> socket.writeFinalBinaryFrame(encode(number, picture));
                case Outbox.Frame.Sight(var number, var scene) -> socket.writeFinalBinaryFrame(encode(number, scene));
            }
        }
    }

    /// Closes a client that no longer takes part.
    void check(LiveLimits limits) {
        if (outbox.waitingSince().filter(since -> hub.now() - since > limits.patienceMillis()).isPresent()) {
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
        } else if (outbox.acknowledge(number.getAsLong())) {
            flush();
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

    private static Buffer encode(long number, Scene scene) {
        return encode(Scenes.header(scene).put("frame", number), scene.bytes());
    }

    private static Buffer encode(long number, Picture picture) {
        return encode(new JsonObject()
                .put("frame", number)
                .put("source", picture.source().name().toLowerCase(Locale.ROOT))
                .put("format", picture.format().name().toLowerCase(Locale.ROOT))
                .put("step", picture.step())
                .put("count", picture.count())
                .put("width", picture.width())
                .put("height", picture.height()), picture.bytes());
    }

    /// `[u32 little-endian header length][UTF-8 JSON header][payload]`.
    static Buffer encode(JsonObject header, byte[] payload) {
        byte[] text = header.toBuffer().getBytes();
        return Buffer.buffer(4 + text.length + payload.length).appendIntLE(text.length).appendBytes(text).appendBytes(payload);
    }
}
