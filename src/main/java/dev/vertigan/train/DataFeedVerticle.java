package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest.Minibatch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Batch;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// Serves minibatches of reals from a few read ahead by a thread of its own, several at a time: so a turn neither waits for data that is
/// read faster than it plays, nor wakes that thread.
///
/// A minibatch holds until the next is asked for. Data in memory needs none of this: [MemoryFeedVerticle].
final class DataFeedVerticle extends VerticleBase {

    private final Bus bus;
    private final Minibatches minibatches;
    private final List<Batch> ring; // minibatch `index` is in slot index mod size
    private final LongConsumer waits;
    private long first; // the minibatch in play, or the first to come
    private long end; // one after the last that is read or on its way
    private long asked; // how often a minibatch was
    private Reading reading;
    private WorkerExecutor reader;

    /// @param ring buffers, an even number, at least 4
    /// @param first the minibatch that the run begins with
    /// @param waits told how long a turn waited for data, nanoseconds, each time it did
    DataFeedVerticle(Bus bus, Minibatches minibatches, List<Batch> ring, long first, LongConsumer waits) {
        this.bus = bus;
        this.minibatches = minibatches;
        this.ring = ring;
        this.first = first;
        this.end = first;
        this.waits = waits;
    }

    @Override
    public Future<?> start() {
        reader = vertx.createSharedWorkerExecutor("vertigan-feed", 1, 1, TimeUnit.DAYS); // photographs on a slow disk take what they take
        reading = new Reading(context, minibatches, ring);
        bus.serveLater(NextBatch.class, this::next);
        readAhead();
        return Future.succeededFuture();
    }

    private Future<Minibatch> next(NextBatch request) {
        long index = request.index();
        if (index < first || index >= end || reading.misses(index)) {
            jump(index);
        }
        first = index;
        asked++;
        readAhead();
        var batch = new Minibatch(index, reading.slot(index));
        if (reading.has(index)) {
            return Future.succeededFuture(batch);
        }
        long start = System.nanoTime();
        return reading.await(index).onSuccess(_ -> waits.accept(System.nanoTime() - start)).map(batch);
    }

    private void jump(long index) {
        reading.end("the run went elsewhere");
        reading = new Reading(context, minibatches, ring);
        end = index;
    }

    /// Half a ring at a time, as soon as there is room for it; at first less, as the first turns have better use for the processor.
    private void readAhead() {
        long ahead = Math.min(asked, ring.size() / 2);
        while (end - first <= ahead) {
            var mine = reading;
            long from = end;
            long to = end + Math.max(1, ahead);
            end = to;
            reader.executeBlocking(() -> {
                mine.read(from, to);
                return to;
            }, false); // the one thread keeps the order; a queue of Vert.x's own would be cut off when the pool is closed
        }
    }

    @Override
    public Future<?> stop() {
        reading.end("the run is over");
        return reader.close();
    }
}
