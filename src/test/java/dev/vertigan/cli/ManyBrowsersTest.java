package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Browsers that read, and one that never does, leave the run as it is.
class ManyBrowsersTest {

    private static final int BROWSERS = 50;
    private static final String[] RUN = {"train", "--preset", "ring", "--steps", "3000", "--exit", "--set", "samples.every=50", "--set",
        "dashboard.port=0", "--run-dir"};
    private static final Pattern FRAME = Pattern.compile("\"frame\":(\\d+)");

    @TempDir
    private Path temp;

    private final AtomicInteger frames = new AtomicInteger();

    @Test
    void fiftyBrowsersAndOneThatNeverReadsChangeNothing() throws Exception {
        var alone = Program.start(temp.resolve("alone.log"), Program.with(RUN, temp.resolve("alone").toString(), "--no-dashboard"));
        assertEquals(0, alone.end(), alone::output);

        var watched = Program.start(temp.resolve("watched.log"), Program.with(RUN, temp.resolve("watched").toString()));
        while (watched.isAlive() && !watched.output().contains("dashboard  ")) {
            Thread.onSpinWait();
        }
        var address = URI.create(watched.line("dashboard  "));
        var sockets = new ArrayList<WebSocket>();
        try (var client = HttpClient.newHttpClient(); var _ = deaf(address)) {
            var live = URI.create("ws://%s:%d/live".formatted(address.getHost(), address.getPort()));
            for (int i = 0; i < BROWSERS; i++) {
                sockets.add(client.newWebSocketBuilder().buildAsync(live, new Acknowledging()).join());
            }
            assertEquals(0, watched.end(), watched::output);
            sockets.forEach(WebSocket::abort);
        }
        assertTrue(frames.get() > BROWSERS, () -> "the browsers saw only " + frames + " frames");
        assertEquals(alone.line("weights sha256 "), watched.line("weights sha256 "));
    }

    /// A client that asks for the live stream and never reads a byte of it.
    private static Socket deaf(URI address) throws IOException {
        var socket = new Socket(address.getHost(), address.getPort());
        socket.setReceiveBufferSize(1024);
        socket.getOutputStream().write("""
                GET /live HTTP/1.1\r
                Host: %s:%d\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                \r
                """.formatted(address.getHost(), address.getPort()).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /// Acknowledges every frame, as the page does.
    private final class Acknowledging implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                acknowledge(socket, text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            acknowledge(socket, StandardCharsets.UTF_8.decode(data).toString());
            socket.request(1);
            return null;
        }

        private void acknowledge(WebSocket socket, String frame) {
            var number = FRAME.matcher(frame);
            if (number.find()) {
                frames.incrementAndGet();
                socket.sendText("{\"type\":\"ack\",\"frame\":%s}".formatted(number.group(1)), true);
            }
        }
    }
}
