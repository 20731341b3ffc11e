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
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Watches a run through its live stream as so many open pages would, and by one in ten more that never reads. Its own work is a few short
/// searches a frame, on the cores that the run computes on.
public final class Browsers implements AutoCloseable {

    private static final long FRAME_MILLIS = 16; // as often as a screen is drawn

    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService screen = Executors.newSingleThreadScheduledExecutor();
    private final List<Page> pages = new ArrayList<>();
    private final List<Socket> deaf = new ArrayList<>();
    private final AtomicInteger frames = new AtomicInteger();

    /// @param dashboard its address
    /// @param count how many read and acknowledge every frame
    public Browsers(URI dashboard, int count) throws IOException {
        for (int i = 0; i < deaf(count); i++) {
            deaf.add(deaf(dashboard));
        }
        var live = URI.create(String.format(Locale.ROOT, "ws://%s:%d/live", dashboard.getHost(), dashboard.getPort()));
        for (int i = 0; i < count; i++) {
            var page = new Page();
            client.newWebSocketBuilder().buildAsync(live, page).join();
            pages.add(page);
        }
        var _ = screen.scheduleAtFixedRate(() -> pages.forEach(Page::acknowledge), FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// How many more never read.
    static int deaf(int count) {
        return Math.max(1, count / 10);
    }

    /// How many frames all of them got so far.
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

    /// Acknowledges all that came since a screen was drawn at once.
    private final class Page implements WebSocket.Listener {

        private static final Pattern FRAME = Pattern.compile("\"frame\":(\\d+)");

        private final StringBuilder text = new StringBuilder();
        private final AtomicReference<Optional<Drawn>> drawn = new AtomicReference<>(Optional.empty());

        private record Drawn(WebSocket socket, String frame) {}

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                draw(socket, text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            draw(socket, StandardCharsets.ISO_8859_1.decode(data));
            socket.request(1);
            return null;
        }

        private void draw(WebSocket socket, CharSequence frame) {
            var number = FRAME.matcher(frame);
            if (number.find()) {
                frames.incrementAndGet();
                drawn.set(Optional.of(new Drawn(socket, number.group(1))));
            }
        }

        private void acknowledge() {
            drawn.getAndSet(Optional.empty()).ifPresent(newest -> {
                var _ = newest.socket.sendText(String.format(Locale.ROOT, "{\"type\":\"ack\",\"frame\":%s}", newest.frame), true);
            });
        }
    }

    @Override
    public void close() throws IOException {
        for (var socket : deaf) {
            socket.close();
        }
        screen.close();
        client.shutdownNow();
        client.close();
    }
}
