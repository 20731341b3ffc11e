package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest.Minibatch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Batch;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/// Serves minibatches of reals from data in memory, each read when it is asked for: where all cores compute, a thread that reads ahead
/// costs a turn more than the reading.
///
/// A minibatch holds until the next is asked for.
final class MemoryFeedVerticle extends VerticleBase {

    private final Bus bus;
    private final Minibatches minibatches;
    private final Batch reals;

    /// @param reals buffer
    MemoryFeedVerticle(Bus bus, Minibatches minibatches, Batch reals) {
        this.bus = bus;
        this.minibatches = minibatches;
        this.reals = reals;
    }

    @Override
    public Future<?> start() {
        bus.serve(NextBatch.class, this::next);
        return Future.succeededFuture();
    }

    private Minibatch next(NextBatch request) {
        minibatches.read(request.index(), reals);
        return new Minibatch(request.index(), reals);
    }
}
