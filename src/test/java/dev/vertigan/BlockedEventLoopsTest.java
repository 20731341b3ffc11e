package dev.vertigan;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockedEventLoopsTest {

    @Test
    void aBlockedEventLoopIsSeen() throws Exception {
        var vertx = Vertx.vertx(new VertxOptions().setBlockedThreadCheckInterval(10).setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(1).setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS));
        var release = new CountDownLatch(1);
        try {
            vertx.runOnContext(go -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts this thread", e);
                }
            });
            assertTrue(BlockedEventLoops.first().contains("has been blocked for"));
            assertThrows(AssertionError.class, () -> new BlockedEventLoops().afterEach(null));
        } finally {
            release.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            BlockedEventLoops.forget();
        }
    }
}
