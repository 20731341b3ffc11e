package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.Instances;
import dev.vertigan.bus.Addresses;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Picture.Source;
import dev.vertigan.values.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveTest {

    /// Impatient ones, so that no test waits a minute.
    private static final LiveLimits IMPATIENT = new LiveLimits(3, 512, 10, 0, 300, 100, 100);

    private Dashboard dashboard = new Dashboard();

    @AfterEach
    void close() {
        dashboard.close();
    }

    private void restart(LiveLimits limits) {
        dashboard.close();
        dashboard = new Dashboard(Dashboard.LOOPBACK, limits);
    }

    private void publish(Record message) {
        dashboard.bus.publish(switch (message) {
            case Picture _ -> Addresses.PICTURES;
            case Status _ -> Addresses.STATUS;
            default -> Addresses.REPORTS;
        }, message);
    }

    private Browser browser() {
        return dashboard.acknowledgingBrowser();
    }

    /// A browser that was greeted is one that hears what is published from now on.
    private Browser greeted() {
        return greeted(browser());
    }

    private static Browser greeted(Browser browser) {
        browser.text("hello");
        return browser;
    }

    /// One that writes nothing by itself: an acknowledgement between two frames of one message breaks the protocol.
    private Browser silent() {
        return greeted(dashboard.browser());
    }

    @Test
    void saysHelloWithTheRunAndItsStatus() {
        var hello = browser().text("hello");
        assertEquals(4, hello.getInteger("protocol"));
        var declared = hello.getJsonObject("catalogue");
        assertEquals(Metric.Chart.values().length, declared.getJsonArray("charts").size());
        assertEquals(Dashboard.CONFIG.live().size(), declared.getJsonArray("settings").size());
        assertEquals("2026-11-21-ring", hello.getJsonObject("info").getString("name"));
        assertEquals("RUNNING", hello.getJsonObject("status").getString("state"));
        assertEquals(1200, hello.getJsonObject("status").getLong("step"));
    }

    @Test
    void helloCarriesTheNewestStatusPublished() {
        greeted();
        publish(Dashboard.status(Status.State.STOPPED, 1300));
        var first = greeted();
        publish(Dashboard.status(Status.State.STOPPED, 1301));
        first.text("status");
        assertEquals(1301, browser().text("hello").getJsonObject("status").getLong("step"));
    }

    @Test
    void sendsStatusesAndReports() {
        var browser = greeted();
        publish(Dashboard.status(Status.State.STOPPED, 1300));
        assertEquals("STOPPED", browser.text("status").getJsonObject("status").getString("state"));
        for (long step = 1; step <= 100; step++) {
            publish(Dashboard.report(step));
        }
        var rows = new JsonArray();
        while (rows.size() < 100) {
            var reports = browser.text("reports");
            assertEquals("step", reports.getJsonArray("columns").getString(0));
            assertEquals(rows.size(), Math.max(0, reports.getInteger("after")));
            rows.addAll(reports.getJsonArray("rows"));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 1, rows.getJsonArray(i).getInteger(0));
        }
    }

    @Test
    void sendsPicturesInBinary() {
        var browser = greeted();
        publish(new Picture(Source.REAL, Picture.Format.POINTS, 7, 2, 1, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        var image = browser.image();
        assertEquals(new JsonObject("{\"source\":\"real\",\"format\":\"points\",\"step\":7,\"count\":2,\"width\":1,\"height\":2}")
                .put("frame", image.header().getLong("frame").intValue()), image.header());
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, image.payload().getBytes());
        // Larger than any frame or write queue.
        publish(Dashboard.picture(Source.FAKE, 8, 300_000));
        assertEquals(300_000, browser.image().payload().length());
    }

    @Test
    void aNewClientGetsTheNewestPictureOfEachSourceAtOnce() {
        var first = greeted();
        publish(Dashboard.picture(Source.REAL, 0, 10));
        publish(Dashboard.picture(Source.FAKE, 50, 10));
        publish(Dashboard.picture(Source.FAKE, 60, 10));
        while (first.image().header().getLong("step") != 60) {
            // Until the server has them all.
        }
        var second = dashboard.browser(); // that need not acknowledge the one for the other
        assertEquals("real", second.image().header().getString("source"));
        assertEquals(60, second.image().header().getLong("step"));
    }

    @Test
    void aClientThatDoesNotAcknowledgeLosesPicturesAndReportsAndCanTell() {
        var slow = dashboard.browser();
        slow.text("hello");
        long pending = slow.text("tempo").getLong("frame");
        var other = greeted();
        for (long step = 1; step <= 10_000; step++) {
            publish(Dashboard.picture(Source.FAKE, step, 10));
            publish(Dashboard.report(step));
        }
        publish(Dashboard.picture(Source.REAL, 5, 10));
        // All went over one bus, in order: when the other has the last, the server has all.
        while (!other.image().header().getString("source").equals("real")) {
            // Pictures before it.
        }
        assertTrue(slow.frames.isEmpty());
        assertTrue(dashboard.counter("vertigan.dashboard.frames.dropped", "picture") >= 9_999);
        assertTrue(dashboard.counter("vertigan.dashboard.frames.dropped", "report") >= 10_000 - 4_096);
        slow.acknowledging = true;
        slow.acknowledge(pending);
        long after = -1;
        long step = 0;
        while (step < 10_000) {
            var reports = slow.text("reports");
            after = after < 0 ? reports.getLong("after") : after;
            for (var row : reports.getJsonArray("rows")) {
                step = step == 0 ? after : step;
                assertEquals(++step, ((JsonArray) row).getLong(0));
            }
        }
        assertTrue(after >= 10_000 - 4_096);
    }

    @Test
    void oneAcknowledgementIsForAllBeforeIt() {
        var browser = dashboard.browser();
        browser.text("hello");
        browser.acknowledge(browser.text("tempo").getLong("frame"));
        publish(Dashboard.report(1));
        publish(Dashboard.picture(Source.REAL, 1, 10));
        publish(Dashboard.picture(Source.FAKE, 1, 10));
        browser.text("reports");
        browser.image();
        browser.acknowledge(browser.image().header().getLong("frame"));
        publish(Dashboard.report(2));
        assertEquals(2, browser.text("reports").getJsonArray("rows").getJsonArray(0).getInteger(0));
    }

    @Test
    void aClientThatNeverAcknowledgesIsClosed() {
        restart(IMPATIENT);
        var slow = dashboard.browser();
        slow.text("hello");
        publish(Dashboard.picture(Source.FAKE, 1, 10));
        assertEquals(1008, slow.closeCode());
        assertTrue(slow.socket.closeReason().contains("not acknowledged"));
    }

    /// A client that is connected but reads nothing, not even what the kernel keeps for it.
    private Socket deaf() throws IOException {
        var socket = new Socket("127.0.0.1", dashboard.port);
        socket.getOutputStream().write(("GET /live HTTP/1.1\r\nHost: 127.0.0.1:" + dashboard.port + "\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        assertEquals('H', socket.getInputStream().read());
        return socket;
    }

    @Test
    void forAClientThatNeverReadsOnePictureIsKept() throws IOException {
        try (var deaf = deaf()) {
            var other = greeted();
            for (int step = 1; step <= 50; step++) {
                publish(Dashboard.picture(Source.FAKE, step, 100_000));
                other.image();
            }
            // Of the 50 one waits; how things stood is on its way.
            assertEquals(49, dashboard.counter("vertigan.dashboard.frames.dropped", "picture"));
            assertTrue(deaf.isConnected());
        }
    }

    @Test
    void aClientThatNeverReadsIsCutOff() throws IOException {
        restart(IMPATIENT);
        try (var deaf = deaf()) {
            dashboard.awaitConnections(1);
            publish(Dashboard.picture(Source.FAKE, 1, 10_000_000));
            dashboard.awaitConnections(0);
            assertTrue(deaf.isConnected());
        }
    }

    @Test
    void aClientThatHasGoneByItselfIsNotCutOff() throws IOException {
        restart(IMPATIENT);
        var unhandled = new ConcurrentLinkedQueue<Throwable>();
        dashboard.observability.vertx().exceptionHandler(unhandled::add);
        var polite = dashboard.browser();
        polite.socket.writeTextMessage("hello");
        assertEquals(1008, polite.closeCode());
        try (var deaf = deaf()) {
            publish(Dashboard.picture(Source.FAKE, 1, 10_000_000));
            dashboard.awaitConnections(0); // so the time of the one before is over too
            assertEquals(List.of(), List.copyOf(unhandled));
            assertTrue(deaf.isConnected());
        }
    }

    @Test
    void theServerEndsThoughAClientNeverReads() throws IOException {
        try (var deaf = deaf()) {
            dashboard.awaitConnections(1);
            var polite = greeted();
            publish(Dashboard.picture(Source.FAKE, 1, 10_000_000));
            polite.image();
            dashboard.close();
            assertEquals(1001, polite.closeCode());
            assertTrue(deaf.isConnected());
        }
    }

    @Test
    void aClientThatAcknowledgesStaysHoweverLong() {
        restart(IMPATIENT);
        var good = greeted();
        for (int step = 1; step <= 100; step++) {
            publish(Dashboard.picture(Source.FAKE, step, 10));
            good.image();
        }
        var idle = dashboard.browser();
        idle.text("hello");
        var slow = dashboard.browser();
        // It takes longer to be closed than an idle one would.
        assertEquals(1008, slow.closeCode());
        assertFalse(good.socket.isClosed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "{}", "[]", "null", "{\"type\":\"ack\"}", "{\"type\":\"ack\",\"frame\":\"1\"}", "{\"type\":\"ack\",\"frame\":1}",
        "{\"type\":\"ack\",\"frame\":1.5}", "{\"type\":\"stop\"}", "{\"type\":\"ack\",\"frame\":1,\"more\":2}", "{\"type\":\"ack\",\"frame\":"})
    void onlyAcknowledgementsOfSentFramesAreUnderstood(String text) {
        var browser = greeted();
        browser.socket.writeTextMessage(text);
        assertEquals(1008, browser.closeCode());
    }

    @Test
    void binaryIsNotUnderstood() {
        var browser = greeted();
        browser.socket.writeBinaryMessage(Buffer.buffer("{\"type\":\"ack\",\"frame\":1}"));
        assertEquals(1003, browser.closeCode());
    }

    @Test
    void oversizedFramesAndMessagesCloseTheConnection() {
        var frame = greeted();
        frame.socket.writeFinalTextFrame(" ".repeat(4097));
        assertEquals(1009, frame.closeCode());
        var message = silent();
        message.socket.writeFrame(WebSocketFrame.textFrame(" ".repeat(4000), false));
        message.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(" ".repeat(4000)), true));
        assertEquals(1009, message.closeCode());
    }

    @Test
    void hugeFramesAndMessagesAreNotEvenRead() {
        var frame = greeted();
        frame.socket.writeFinalTextFrame(" ".repeat(1_000_000));
        frame.closeCode();
        var message = silent();
        message.socket.writeFrame(WebSocketFrame.textFrame(" ".repeat(4000), false));
        for (int i = 0; i < 20; i++) {
            message.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(" ".repeat(4000)), false));
        }
        message.closeCode();
    }

    @Test
    void fiftyBrowsersSeeTheSameInOrder() {
        var browsers = Stream.generate(this::browser).limit(50).toList();
        browsers.forEach(browser -> browser.text("hello"));
        for (long step = 1; step <= 300; step++) {
            publish(Dashboard.report(step));
        }
        publish(Dashboard.picture(Source.FAKE, 300, 50_000));
        for (var browser : browsers) {
            var seen = new ArrayList<Integer>();
            while (seen.size() < 300) {
                browser.text("reports").getJsonArray("rows").forEach(row -> seen.add(((JsonArray) row).getInteger(0)));
            }
            assertEquals(IntStream.rangeClosed(1, 300).boxed().toList(), seen);
        }
        assertEquals(0, dashboard.counter("vertigan.dashboard.frames.dropped", "report"));
        assertEquals(50, dashboard.observability.registry().get("vertigan.dashboard.clients").gauge().value());
    }

    @Test
    void oneClientTooManyIsRefusedUntilAnotherLeaves() {
        restart(new LiveLimits(3, 512, 10, 0, 60_000, 20_000, 100));
        var browsers = Stream.generate(this::greeted).limit(3).toList();
        var refused = assertThrows(UpgradeRejectedException.class, () -> Dashboard.await(dashboard.connect(Map.of())));
        assertEquals(503, refused.getStatus());
        assertTrue(refused.getBody().toString().contains("3 dashboards"));
        Dashboard.await(browsers.getFirst().socket.close());
        assertEquals("hello", greetedSoon().getString("type"));
    }

    @Test
    void browsersThatCameAndWentAreForgotten() {
        for (int i = 0; i < 20; i++) {
            comeAndGo(); // until all is loaded: at first each round resolves some more constants
        }
        var before = Instances.now();
        for (int i = 0; i < 20; i++) {
            comeAndGo();
        }
        assertEquals("", Instances.now().grown(before, 266)); // two thirds of the browsers there were
    }

    private void comeAndGo() {
        var browsers = Stream.generate(this::greeted).limit(20).toList();
        publish(Dashboard.report(1));
        for (var browser : browsers) {
            browser.text("reports");
            assertEquals(200, dashboard.get("/api/run").status());
            Dashboard.await(browser.socket.close());
        }
        dashboard.awaitConnections(0);
        assertEquals(0, dashboard.observability.registry().get("vertigan.dashboard.clients").gauge().value());
    }

    /// The server may learn of the leaving a moment after the one who left.
    private JsonObject greetedSoon() {
        while (true) {
            try {
                return dashboard.browser().text("hello");
            } catch (UpgradeRejectedException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aPlainRequestIsToldToUpgrade() {
        var answer = dashboard.get("/live");
        assertEquals(426, answer.status());
        assertTrue(answer.error().contains("WebSocket"));
    }
}
