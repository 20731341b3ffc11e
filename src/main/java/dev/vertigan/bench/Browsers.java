package dev.vertigan.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Watches a run through its live stream as so many open pages would, and once more without ever reading. Its own work is a few short
/// searches a frame, on the cores that the run computes on.
public final class Browsers implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<WebSocket> reading = new ArrayList<>();
    private final AtomicInteger frames = new AtomicInteger();
    private final Socket deaf;

    /// @param dashboard its address
    /// @param count how many read and acknowledge every frame
    public Browsers(URI dashboard, int count) throws IOException {
        deaf = deaf(dashboard);
        var live = URI.create(String.format(Locale.ROOT, "ws://%s:%d/live", dashboard.getHost(), dashboard.getPort()));
        for (int i = 0; i < count; i++) {
            reading.add(client.newWebSocketBuilder().buildAsync(live, new Acknowledging()).join());
        }
    }

    /// How many frames all of them acknowledged so far.
    public int frames() {
        return frames.get();
    }

    /// A client that asks for the live stream and never reads a byte of it.
    private static Socket deaf(URI address) throws IOException {
        var socket = new Socket(address.getHost(), address.getPort());
        socket.setReceiveBufferSize(1024);
        socket.getOutputStream().write(String.format(Locale.ROOT, """
                GET /live HTTP/1.1\r
                Host: %s:%d\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                \r
                """, address.getHost(), address.getPort()).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private final class Acknowledging implements WebSocket.Listener {

        private static final Pattern FRAME = Pattern.compile("\"frame\":(\\d+)");

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                acknowledge(socket, text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            acknowledge(socket, StandardCharsets.ISO_8859_1.decode(data));
            socket.request(1);
            return null;
        }

        private void acknowledge(WebSocket socket, CharSequence frame) {
            var number = FRAME.matcher(frame);
            if (number.find()) {
                frames.incrementAndGet();
                var _ = socket.sendText(String.format(Locale.ROOT, "{\"type\":\"ack\",\"frame\":%s}", number.group(1)), true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        deaf.close();
        reading.forEach(WebSocket::abort);
        client.shutdownNow();
        client.close();
    }
}
