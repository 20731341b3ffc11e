package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.TurnRequest.Minibatch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.data.Images;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.FailureKind;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The feeds, with the test in the place of the Conductor.
class DataFeedVerticleTest {

    private static final int BATCH = 4;
    private static final int RING = 8;
    private static final long SEED = 5;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, (_, _) -> {});
    private final Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1);
    private final AtomicInteger waits = new AtomicInteger();

    @AfterEach
    void close() {
        Runs.await(vertx.close());
        kernels.close();
    }

    private void deploy(Dataset dataset, long first) {
        var minibatches = new Minibatches(dataset, SEED, BATCH, dataset.classes() > 0);
        var ring = Stream.generate(() -> minibatches.room(kernels)).limit(RING).toList();
        var feed = new DataFeedVerticle(bus, minibatches, ring, first, _ -> waits.incrementAndGet());
        Runs.await(vertx.deployVerticle(feed, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    }

    private Future<Minibatch> ask(long index) {
        return bus.ask(new NextBatch(index));
    }

    private Tensor reals(long index) {
        var batch = Runs.await(ask(index));
        assertEquals(index, batch.index());
        return batch.reals().x();
    }

    /// Over three epochs, each in its own order, the first of which is decoded and the others are remembered.
    @Test
    void samplesOfAFolderOfImagesAreThoseImagesWithTheirClasses() {
        var images = IntStream.range(0, 30).mapToObj(i -> Images.noise(16, 16, i)).toList();
        for (int i = 0; i < images.size(); i++) {
            Images.write(folder.resolve("class-%d/%02d.png".formatted(i / 10, i)), Images.encode(images.get(i), "png"));
        }
        var config = new RunConfig.Data(Choice.DataSet.IMAGES, folder.toString(), 1, Choice.Scale.UNIT, 16, 3, 1, 1, 1, "",
                RunConfig.Streamed.DEFAULT, 0);
        deploy(Datasets.open(config, Downloads.Progress.NONE), 0);
        var order = new BatchOrder(SEED, images.size());
        for (int index = 0; index < 3 * images.size() / BATCH; index++) {
            var reals = Runs.await(ask(index)).reals();
            for (int i = 0; i < BATCH; i++) {
                int image = (int) order.index((long) index * BATCH + i);
                holds(reals.x(), i, images.get(image));
                assertEquals(image / 10, reals.labels().orElseThrow().get(i), "class of image " + image);
            }
        }
    }

    private static void holds(Tensor reals, int row, BufferedImage image) {
        for (int i = 0; i < 16 * 16 * 3; i++) {
            int pixel = i / 3;
            int level = image.getRGB(pixel % 16, pixel / 16) >> 8 * (2 - i % 3) & 0xFF;
            assertEquals(level / 255f, reals.get(row * 16L * 16 * 3 + i), "value " + i);
        }
    }

    /// One minibatch before the first turn, which has better use for the processor, then more and more.
    @Test
    void aRingIsReadAheadOnceTheRunIsUnderWay() throws InterruptedException {
        var data = new Numbers();
        deploy(data, 3);
        data.awaitRead(BATCH);
        for (int played = 0; played < RING; played++) {
            holds(reals(3 + played), 3 + played);
            assertTrue(data.read() <= (played + Math.min(RING, 2 * (played + 1))) * BATCH, data.read() + " samples read after turns: " + played);
        }
        data.awaitRead((RING + RING / 2) * BATCH);
    }

    @Test
    void neverIsMoreReadThanTheRingHolds() {
        var data = new Numbers();
        deploy(data, 0);
        for (long index = 0; index < 500; index++) {
            holds(reals(index), index);
            assertTrue(data.read() <= (index + RING) * BATCH, data.read() + " samples when asked for minibatch " + index);
        }
    }

    /// What is read behind a minibatch is not waited for, and who waits is answered as soon as its own is there.
    @Test
    void aTurnWaitsOnlyIfItsOwnMinibatchIsNotRead() throws InterruptedException {
        var data = new Numbers();
        data.allow(3 * BATCH);
        deploy(data, 0);
        holds(reals(0), 0);
        holds(reals(1), 1);
        data.awaitStuck(); // in the fourth, so the third is there
        int before = waits.get();
        holds(reals(2), 2);
        assertEquals(before, waits.get());
        var heard = new CountDownLatch(1);
        vertx.eventBus().addInboundInterceptor(delivery -> {
            delivery.next(); // the feed's handler, at once
            heard.countDown();
        });
        var fourth = ask(3);
        assertTrue(heard.await(60, TimeUnit.SECONDS), "nobody hears");
        data.allow(BATCH - 1);
        data.awaitRead(4 * BATCH - 1);
        assertFalse(fourth.isComplete());
        data.allow(1);
        holds(Runs.await(fourth).reals().x(), 3);
        assertEquals(before + 1, waits.get());
        data.allow(1_000 * BATCH);
        holds(reals(4), 4);
    }

    @Test
    void theRunMayGoElsewhereEvenWhileItWaits() throws InterruptedException {
        var data = new Numbers();
        data.allow(BATCH);
        deploy(data, 0);
        holds(reals(0), 0);
        var left = ask(1);
        data.awaitStuck();
        var ahead = ask(1_000);
        assertThrows(CompletionException.class, () -> Runs.await(left), "who left is answered too");
        data.allow(1_000 * BATCH);
        holds(Runs.await(ahead).reals().x(), 1_000);
        for (long index : new long[] {1_001, 7, 8, 8, 9, 3, 1_000_000_007, 0}) {
            holds(reals(index), index);
        }
    }

    @Test
    void whatCannotBeReadIsToldOnlyWhenItsTurnComesAndIsTriedAgain() throws InterruptedException {
        var data = new Numbers();
        data.refuse(new BatchOrder(SEED, Numbers.SIZE).index(5 * BATCH + 2)); // in the sixth minibatch
        deploy(data, 0);
        for (int attempt = 0; attempt < 2; attempt++) {
            for (long index = 2 * attempt; index < 5; index++) {
                holds(reals(index), index);
            }
            var failure = (Failure) assertThrows(CompletionException.class, () -> reals(5)).getCause();
            assertEquals("refused", failure.getMessage());
            assertEquals(FailureKind.FILES, failure.kind());
        }
        data.refuse(-1);
        for (long index = 5; index < 20; index++) {
            holds(reals(index), index);
        }
    }

    @Test
    void dataInMemoryIsReadWhenItIsAskedForAndNoSooner() {
        var data = new Numbers();
        var minibatches = new Minibatches(data, SEED, BATCH, false);
        var feed = new MemoryFeedVerticle(bus, minibatches, minibatches.room(kernels));
        Runs.await(vertx.deployVerticle(feed, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
        int asked = 0;
        for (long index : new long[] {3, 4, 4, 1_000_000_007, 0}) {
            holds(reals(index), index);
            assertEquals(++asked * BATCH, data.read());
        }
    }

    private static void holds(Tensor reals, long index) {
        var order = new BatchOrder(SEED, Numbers.SIZE);
        for (int i = 0; i < BATCH; i++) {
            assertEquals(order.index(index * BATCH + i), (long) reals.get(i));
        }
    }

    /// Sample i is the number i; the test says how many may be read, and which not.
    private static final class Numbers implements Dataset {

        static final long SIZE = 1_000;

        private final Semaphore allowed = new Semaphore(0);
        private final AtomicLong read = new AtomicLong();
        private final Semaphore reads = new Semaphore(0);
        private volatile boolean held;
        private volatile CountDownLatch stuck = new CountDownLatch(1);
        private volatile long refused = -1;

        /// Once this was called, no more may be read than it says.
        void allow(int samples) {
            held = true;
            allowed.release(samples);
        }

        /// @param sample that cannot be read; −1 = none
        void refuse(long sample) {
            refused = sample;
        }

        long read() {
            return read.get();
        }

        /// Waits until so many have been read in all.
        void awaitRead(int samples) throws InterruptedException {
            assertTrue(reads.tryAcquire(samples, 60, TimeUnit.SECONDS), "not read");
            reads.release(samples);
        }

        /// Waits until a reader finds that no more may be read.
        void awaitStuck() throws InterruptedException {
            assertTrue(stuck.await(60, TimeUnit.SECONDS), "nobody reads");
        }

        @Override
        public void read(long index, float[] target, int offset) {
            if (index == refused) {
                throw new UserError("refused");
            }
            if (held && !allowed.tryAcquire()) {
                stuck.countDown();
                allowed.acquireUninterruptibly();
            }
            target[offset] = index;
            read.incrementAndGet();
            reads.release();
        }

        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public Kind kind() {
            return Kind.POINTS_1D;
        }

        @Override
        public int[] shape() {
            return new int[] {1};
        }

        @Override
        public long size() {
            return SIZE;
        }
    }
}
