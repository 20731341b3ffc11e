package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Command;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What clients that are slow, silent or deaf can take from the server.
class ConnectionsTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final String LARGEST = "/lib/echarts.esm.min.js";

    private static ConnectionLimits limits(int count, Duration head, Duration body, Duration idle, Duration write) {
        return new ConnectionLimits(count, head, body, idle, write);
    }

    private static Socket connect(Dashboard dashboard, String text) throws IOException {
        return connect(new Socket(), dashboard, text);
    }

    private static Socket connect(int port, String text) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        send(socket, text);
        return socket;
    }

    private static Socket connect(Socket socket, Dashboard dashboard, String text) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), dashboard.port));
        socket.setSoTimeout(20_000);
        send(socket, text.replace("HOST", "127.0.0.1:" + dashboard.port));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// All that comes until the server closes.
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "reset";
        }
    }

    /// Sends a byte now and then until the server closes.
    private static void dribble(Socket socket) throws IOException {
        socket.setSoTimeout(20);
        try {
            for (int i = 0; i < 1000; i++) {
                send(socket, "a");
                try {
                    if (socket.getInputStream().read() < 0) {
                        return;
                    }
                } catch (java.net.SocketTimeoutException stillOpen) {
                    continue;
                }
            }
        } catch (SocketException closed) {
            return;
        }
        throw new AssertionError("still open");
    }

    private static void assertHealthy(Dashboard dashboard) {
        assertEquals(200, dashboard.get("/health/live").status());
    }

    @Test
    void whoSaysNothingIsDropped() throws IOException {
        try (var dashboard = new Dashboard(limits(100, SHORT, LONG, LONG, LONG)); var silent = connect(dashboard, "")) {
            assertEquals("", rest(silent));
            assertHealthy(dashboard);
        }
    }

    @Test
    void aHeadMustEnd() throws IOException {
        try (var dashboard = new Dashboard(limits(100, SHORT, LONG, LONG, LONG)); var slow = connect(dashboard, "GET /health/live HTTP/1.1\r\nX: ")) {
            dribble(slow);
        }
    }

    @Test
    void aBodyMustEnd() throws IOException {
        try (var dashboard = new Dashboard(limits(100, LONG, SHORT, LONG, LONG));
                var slow = connect(dashboard,
                        "POST /api/run/step HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n")) {
            dribble(slow);
            assertTrue(dashboard.commands.isEmpty());
        }
    }

    @Test
    void betweenRequestsTheTimeIsLimitedToo() throws IOException {
        try (var dashboard = new Dashboard(limits(100, LONG, LONG, SHORT, LONG));
                var idle = connect(dashboard, "GET /health/live HTTP/1.1\r\nHost: HOST\r\n\r\n")) {
            assertTrue(rest(idle).endsWith("{\"live\":true}"));
        }
    }

    @Test
    void whoNeverReadsIsDropped() throws IOException {
        var deaf = new Socket();
        deaf.setReceiveBufferSize(4096);
        try (var dashboard = new Dashboard(limits(100, LONG, LONG, LONG, SHORT)); deaf) {
            connect(deaf, dashboard, "GET %s HTTP/1.1\r\nHost: HOST\r\n\r\n".formatted(LARGEST).repeat(20));
            assertHealthy(dashboard);
            dashboard.awaitConnections(0);
        }
    }

    @Test
    void whoWaitsForAnAnswerOrWatchesIsNotDropped() throws IOException {
        var answer = Promise.<Void>promise();
        try (var dashboard = new Dashboard(limits(100, SHORT, SHORT, SHORT, SHORT)); var watching = new RawSocket(dashboard.port);
                var asking = connect(dashboard, "")) {
            dashboard.delay = answer.future();
            send(asking, "POST /api/run/step HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n".formatted(dashboard.port));
            for (int i = 0; i < 3; i++) { // in the time of which all others would have been dropped
                assertEquals("", rest(connect(dashboard, "")));
            }
            answer.complete();
            assertTrue(rest(asking).startsWith("HTTP/1.1 200"));
            assertEquals(List.of(new Command.Step(1)), List.copyOf(dashboard.commands));
            watching.write(RawSocket.frame(RawSocket.FINAL | RawSocket.PING, new byte[] {1}));
            var frame = watching.read();
            while (frame.opcode() != RawSocket.PONG) {
                frame = watching.read();
            }
        }
    }

    @Test
    void whenAllPlacesAreTakenTheLongestWaitingGivesWay() throws IOException {
        var sockets = new ArrayList<Socket>();
        try (var dashboard = new Dashboard(limits(10, LONG, LONG, LONG, LONG))) {
            for (int i = 0; i < 50; i++) {
                sockets.add(connect(dashboard, "GET / HT"));
                if (i >= 10) { // one after another: of a crowd the gate would send the newest away
                    assertTrue(rest(sockets.get(i - 10)).matches("|reset"));
                }
            }
            assertHealthy(dashboard);
            send(sockets.getLast(), "TP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n".formatted(dashboard.port));
            assertTrue(rest(sockets.getLast()).startsWith("HTTP/1.1 200"));
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void pongsDoNotPileUpForWhoNeverReads() throws IOException {
        int pings = 200_000;
        byte[] thousand = new byte[1000 * 131];
        byte[] ping = RawSocket.frame(RawSocket.FINAL | RawSocket.PING, new byte[125]);
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(ping, 0, thousand, i * ping.length, ping.length);
        }
        try (var dashboard = new Dashboard(); var socket = new RawSocket(dashboard.port)) {
            for (int i = 0; i < pings; i += 1000) {
                socket.write(thousand);
            }
            socket.write(RawSocket.frame(RawSocket.FINAL | RawSocket.TEXT, new byte[] {'!'}));
            int pongs = 0;
            var frame = socket.read();
            for (; frame.opcode() != RawSocket.CLOSE; frame = socket.read()) {
                pongs += frame.opcode() == RawSocket.PONG ? 1 : 0;
            }
            assertTrue(pongs < pings / 2, pongs + " pongs, more than the buffers of two sockets hold");
        }
    }

    @Test
    void longAnswersThatNobodyReadsAreBounded() throws IOException {
        var large = new Samples() {
            @Override
            public List<Long> steps() {
                return List.of(1L);
            }

            @Override
            public Optional<byte[]> read(long step, String suffix) {
                return Optional.of(new byte[20 << 20]);
            }
        };
        var sockets = new ArrayList<Socket>();
        try (var dashboard = new Dashboard(large)) {
            for (int i = 0; i < 3; i++) {
                sockets.add(connect(dashboard, "GET /api/samples/1.png HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"));
                assertEquals('H', sockets.get(i).getInputStream().read());
            }
            assertEquals(503, dashboard.get("/api/samples/1.png").status());
            assertHealthy(dashboard);
            assertEquals(20 << 20, rest(sockets.getFirst()).split("\r\n\r\n", 2)[1].length());
            assertEquals(20 << 20, dashboard.get("/api/samples/1.png").bytes().length);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void whoComesBeforeTheServerIsWholeIsToldToComeAgain() throws IOException {
        var vertx = Vertx.vertx();
        var connections = new Connections(ConnectionLimits.ofProcess());
        var server = Dashboard
                .await(vertx.createHttpServer().connectionHandler(connections::accept).requestHandler(request -> request.response().end("whole"))
                        .listen(0, "127.0.0.1"));
        String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try {
            assertTrue(rest(connect(server.actualPort(), request)).matches("|reset"));
            Dashboard.await(connections.listen(vertx, "127.0.0.1", server.actualPort()));
            assertTrue(rest(connect(server.actualPort(), request)).endsWith("whole"));
        } finally {
            Dashboard.await(vertx.close());
        }
    }

    @Test
    void theEndOfTheServerEndsEveryRequest() throws IOException {
        var dashboard = new Dashboard();
        dashboard.delay = Promise.<Void>promise().future(); // never
        var asking = connect(dashboard, "POST /api/run/step HTTP/1.1\r\nHost: HOST\r\n\r\n");
        var sending = connect(dashboard, "POST /api/run/step HTTP/1.1\r\nHost: HOST\r\nContent-Length: 10\r\n\r\n");
        var idle = connect(dashboard, "");
        while (dashboard.commands.isEmpty()) {
            Thread.onSpinWait();
        }
        dashboard.close();
        for (var socket : List.of(asking, sending, idle)) {
            rest(socket);
            socket.close();
        }
    }

    @Test
    void aProcessKeepsDescriptorsForItsOwn() {
        var limits = ConnectionLimits.ofProcess();
        assertTrue(limits.count() >= 8 && limits.count() <= 1024, limits::toString);
    }
}
