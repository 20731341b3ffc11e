package dev.vertigan.dashboard;

import dev.vertigan.dashboard.Browser.Frame.Image;
import dev.vertigan.dashboard.Browser.Frame.Text;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A real WebSocket client that keeps what it is sent; the test decides what it acknowledges.
final class Browser {

    final WebSocket socket;
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final CompletableFuture<Short> closed = new CompletableFuture<>();
    volatile boolean acknowledging;

    sealed interface Frame {

        record Text(JsonObject json) implements Frame {}

        record Image(JsonObject header, Buffer payload) implements Frame {}
    }

    /// @param acknowledging whether it says at once that it has a frame
    Browser(WebSocket paused, boolean acknowledging) {
        this.acknowledging = acknowledging;
        socket = paused;
        socket.closeHandler(ignored -> closed.complete(socket.closeStatusCode()));
        socket.textMessageHandler(text -> receive(new Text(new JsonObject(text))));
        socket.binaryMessageHandler(bytes -> {
            int length = bytes.getIntLE(0);
            receive(new Image(bytes.getBuffer(4, 4 + length).toJsonObject(), bytes.getBuffer(4 + length, bytes.length())));
        });
        socket.resume();
    }

    private void receive(Frame frame) {
        frames.add(frame);
        long number = number(frame);
        if (acknowledging && number > 0) {
            acknowledge(number);
        }
    }

    void acknowledge(long number) {
        socket.writeTextMessage(new JsonObject().put("type", "ack").put("frame", number).encode());
    }

    static long number(Frame frame) {
        return switch (frame) {
            case Text(var json) -> json.getLong("frame", 0L);
            case Image(var header, _) -> header.getLong("frame");
        };
    }

    /// The next frame of a type, others passed over.
    JsonObject text(String type) {
        while (true) {
            if (next() instanceof Text(var json) && json.getString("type").equals(type)) {
                return json;
            }
        }
    }

    Image image() {
        while (true) {
            if (next() instanceof Image image) {
                return image;
            }
        }
    }

    short closeCode() {
        try {
            return closed.get(20, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("the server did not close", failed);
        }
    }

    private Frame next() {
        try {
            var frame = frames.poll(20, TimeUnit.SECONDS);
            if (frame == null) {
                String state = socket.isClosed() ? "closed: " + socket.closeStatusCode() + " " + socket.closeReason() : "open";
                throw new AssertionError("no frame came; the socket is " + state);
            }
            return frame;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
