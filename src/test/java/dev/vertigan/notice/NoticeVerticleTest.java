package dev.vertigan.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.config.RunConfig;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real receiver hears what people should be told, whatever it answers.
class NoticeVerticleTest {

    private static final Duration PAUSE = Duration.ofMillis(5);

    @TempDir
    private Path temp;
    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new ArrayBlockingQueue<>(20); // of the next requests; then 200
    private final CountDownLatch gate = new CountDownLatch(1); // until it opens, nobody is answered, once `silent`
    private volatile boolean silent;
    private HttpServer receiver;
    private Vertx vertx;
    private Bus bus;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", exchange -> {
            var body = new JsonMapper().readTree(exchange.getRequestBody().readAllBytes());
            if (silent) {
                await(gate);
            }
            int status = Optional.ofNullable(answers.poll()).orElse(200);
            if (status < 300) {
                heard.add(body);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        vertx = Vertx.vertx();
        bus = new Bus(vertx, (_, _) -> {});
    }

    @AfterEach
    void close() {
        gate.countDown();
        await(vertx.close());
        receiver.stop(0);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/secret");
    }

    private void watch(double stalledMinutes) {
        await(vertx.deployVerticle(new NoticeVerticle(bus, temp.resolve(".."), new RunConfig.Webhook(address().toString(), stalledMinutes),
                "http://127.0.0.1:8080", PAUSE)));
    }

    private void says(State state, long step) {
        Optional<Status.Failure> failure = state == State.FAILED
                ? Optional.of(new Status.Failure(FailureKind.NON_FINITE, step, "D's loss is NaN", "lower the rates"))
                : Optional.empty();
        bus.publish(Addresses.STATUS, new Status(state, step, 0, 0, 0, Optional.empty(), Optional.empty(), 0, Map.of(), failure));
    }

    private JsonNode next() throws InterruptedException {
        var notice = heard.poll(30, TimeUnit.SECONDS);
        assertTrue(notice != null, "nothing was posted");
        return notice;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static Notice notice(long step) {
        return new Notice(Notice.Kind.ALARM, "ring", step, "m", "a", "", Instant.EPOCH);
    }

    @Test
    void theEndOfARunIsToldOnce() throws InterruptedException {
        watch(5);
        says(State.RUNNING, 10);
        says(State.FINISHED, 20);
        says(State.FINISHED, 20);
        says(State.RUNNING, 21);
        says(State.FAILED, 30);
        says(State.FAILED, 30);
        var finished = next();
        assertEquals("finished 20", finished.path("event").asText() + " " + finished.path("step").asLong());
        assertEquals("http://127.0.0.1:8080", finished.path("page").asText());
        var failed = next();
        assertEquals("failed", failed.path("event").asText());
        assertEquals("D's loss is NaN", failed.path("message").asText());
        assertEquals("lower the rates", failed.path("advice").asText());
        assertTrue(failed.path("text").asText().endsWith("failed at step 30: D's loss is NaN"), failed.toString());
        await(vertx.close());
        assertTrue(heard.isEmpty(), heard::toString);
    }

    @Test
    void aRunThatStandsStillIsToldOnceUntilItMoves() throws InterruptedException {
        watch(1.0 / 60_000); // a millisecond
        says(State.RUNNING, 10);
        assertEquals("stalled 10", next().path("event").asText() + " 10");
        says(State.RUNNING, 10);
        says(State.RUNNING, 11);
        var again = next();
        assertEquals("stalled 11", again.path("event").asText() + " " + again.path("step").asLong());
    }

    @Test
    void aPausedRunDoesNotStall() throws InterruptedException {
        watch(1.0 / 60_000);
        says(State.STOPPED, 10);
        says(State.FINISHED, 10);
        assertEquals("finished", next().path("event").asText(), "and nothing before it");
    }

    @Test
    void whatDidNotArriveIsTriedAgain() throws InterruptedException {
        answers.add(503);
        answers.add(429);
        try (var webhook = new Webhook(address(), PAUSE)) {
            webhook.post(notice(1));
            assertEquals(1, next().path("step").asLong());
        }
    }

    @Test
    void whatTheReceiverRefusesIsNot() throws InterruptedException {
        answers.add(404);
        try (var webhook = new Webhook(address(), PAUSE)) {
            webhook.post(notice(1));
            webhook.post(notice(2));
            assertEquals(2, next().path("step").asLong());
        }
    }

    @Test
    void aReceiverThatNeverAnswersHoldsNobodyUpAndLosesTheOldest() throws InterruptedException {
        silent = true;
        try (var webhook = new Webhook(address(), PAUSE)) {
            for (int step = 1; step <= 1_000; step++) {
                webhook.post(notice(step));
            }
            gate.countDown();
            long last = 0;
            int count = 0;
            while (last != 1_000) {
                long step = next().path("step").asLong();
                assertTrue(step > last, "in order");
                last = step;
                count++;
            }
            assertTrue(count <= 18, "expected at most those that wait and those on their way, found " + count);
        }
    }

    @Test
    void theLastNoticeIsPostedBeforeTheProcessEnds() throws InterruptedException {
        watch(5);
        says(State.FINISHED, 20);
        await(vertx.close());
        assertFalse(heard.isEmpty());
    }
}
