package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest.Batch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/// Serves minibatches of reals from data in memory, each read when it is asked for: where all cores compute, a thread that reads ahead
/// costs a turn more than the reading.
///
/// A minibatch holds until the next is asked for.
final class MemoryFeedVerticle extends VerticleBase {

    private final Bus bus;
    private final Minibatches minibatches;
    private final Tensor reals;

    /// @param reals buffer `[batch, features]`
    MemoryFeedVerticle(Bus bus, Minibatches minibatches, Tensor reals) {
        this.bus = bus;
        this.minibatches = minibatches;
        this.reals = reals;
    }

    @Override
    public Future<?> start() {
        bus.serve(NextBatch.class, this::next);
        return Future.succeededFuture();
    }

    private Batch next(NextBatch request) {
        minibatches.read(request.index(), reals);
        return new Batch(request.index(), reals);
    }
}
