package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.DerivedDataset;
import dev.vertigan.data.Downloads;
import dev.vertigan.train.Runs.Running;
import io.vertx.core.Context;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataReadingTest {

    @TempDir
    private Path temp;

    /// Decoding an image takes up to a second, and whoever waits for an event loop waits for all that is before it.
    @Test
    void nothingIsReadOnAnEventLoop() {
        var config = Runs.images(3, temp.resolve("images"));
        var reads = new AtomicInteger();
        Queue<String> loops = new ConcurrentLinkedQueue<>();
        var watched = new Watched(Datasets.open(config.data(), Downloads.Progress.NONE), () -> {
            reads.incrementAndGet();
            if (Context.isOnEventLoopThread()) {
                loops.add(Thread.currentThread().getName());
            }
        });
        try (var run = new Running(temp.resolve("run"), config, watched).start()) {
            assertEquals(Runs.plain(config), run.hash());
        }
        assertTrue(reads.get() >= config.samples().count() + 3 * config.batch());
        assertTrue(loops.isEmpty(), () -> "read on " + loops.peek());
    }

    private record Watched(Dataset origin, Runnable onRead) implements DerivedDataset {

        @Override
        public void read(long index, float[] target, int offset) {
            onRead.run();
            origin.read(index, target, offset);
        }
    }
}
