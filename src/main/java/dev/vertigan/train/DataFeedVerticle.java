package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest.Batch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.List;

/// Serves minibatches of reals from a few read ahead by a thread of its own, several at a time: so a turn neither waits for data nor
/// wakes that thread.
///
/// A minibatch holds until the next is asked for.
final class DataFeedVerticle extends VerticleBase {

    private final Bus bus;
    private final Minibatches minibatches; // used by the reading thread only
    private final List<Tensor> ring; // minibatch `index` is in slot index mod size
    private long first; // the minibatch in play
    private long end; // one after the last being read
    private Future<?> reading = Future.succeededFuture(); // completes with all before `end`
    private long ready; // all before it are read
    private WorkerExecutor reader;

    /// @param ring buffers `[batch, features]`, at least 4
    DataFeedVerticle(Bus bus, Minibatches minibatches, List<Tensor> ring) {
        this.bus = bus;
        this.minibatches = minibatches;
        this.ring = ring;
    }

    @Override
    public Future<?> start() {
        reader = vertx.createSharedWorkerExecutor("vertigan-feed", 1);
        bus.serveLater(NextBatch.class, this::next);
        return Future.succeededFuture();
    }

    private Future<Batch> next(NextBatch request) {
        long index = request.index();
        if (index < first || index >= end) { // the run went elsewhere
            restart(index);
        }
        first = index;
        if (end - first <= ring.size() / 2) {
            read(end, Math.min(first + ring.size(), end + ring.size() / 2));
        }
        // What failed ahead of its turn is told in its turn, and read anew when asked for again.
        return index < ready ? Future.succeededFuture(batch(index)) : reading.map(_ -> batch(index)).onFailure(_ -> restart(index));
    }

    private Batch batch(long index) {
        return new Batch(index, slot(index));
    }

    private Tensor slot(long index) {
        return ring.get((int) (index % ring.size()));
    }

    private void read(long from, long to) {
        end = to;
        Future<?> mine = reading.compose(_ -> reader.executeBlocking(() -> {
            for (long index = from; index < to; index++) {
                minibatches.read(index, slot(index));
            }
            return to;
        }));
        reading = mine;
        mine.onSuccess(_ -> {
            if (reading == mine) { // else the run went elsewhere, or more is being read behind it
                ready = to;
            }
        });
    }

    /// Goes to another place: nothing is read yet from `index` on.
    private void restart(long index) {
        end = index;
        ready = index;
        reading = Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return reader.close();
    }
}
