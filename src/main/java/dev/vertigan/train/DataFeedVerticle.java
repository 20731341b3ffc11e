package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest.Batch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/// Serves minibatches of reals, and reads the next while the current one is in play.
final class DataFeedVerticle extends VerticleBase {

    private final Bus bus;
    private final Minibatches minibatches;
    private final Tensor[] buffers; // two: one in play, one being filled
    private final long[] held = {-1, -1}; // the minibatch in each

    DataFeedVerticle(Bus bus, Minibatches minibatches, Tensor first, Tensor second) {
        this.bus = bus;
        this.minibatches = minibatches;
        this.buffers = new Tensor[] {first, second};
    }

    @Override
    public Future<?> start() {
        bus.serve(NextBatch.class, this::next);
        return Future.succeededFuture();
    }

    private Batch next(NextBatch request) {
        long index = request.index();
        prepare(index);
        context.runOnContext(_ -> prepare(index + 1));
        return new Batch(index, buffers[(int) (index & 1)]);
    }

    private void prepare(long index) {
        int slot = (int) (index & 1);
        if (held[slot] != index) {
            held[slot] = -1; // until it is whole
            minibatches.read(index, buffers[slot]);
            held[slot] = index;
        }
    }
}
