package dev.vertigan.train;

import dev.vertigan.bus.Failure;
import dev.vertigan.game.Minibatches;
import dev.vertigan.tensor.Batch;
import dev.vertigan.values.FailureKind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;

/// One way through the data, without a jump: what the thread that reads and the one that plays tell each other. The latter is woken only
/// if it waits, and as soon as its own minibatch is there.
final class Reading {

    private final Context player;
    private final Minibatches minibatches; // used by the reading thread only
    private final List<Batch> ring;
    private long ready = Long.MIN_VALUE; // all before it are read
    private Optional<Failure> over = Optional.empty(); // why nothing more is read
    private Optional<Waiting> waiting = Optional.empty();

    private record Waiting(long index, Promise<Void> promise) {}

    /// @param player whose thread asks and is answered
    /// @param ring where minibatches go
    Reading(Context player, Minibatches minibatches, List<Batch> ring) {
        this.player = player;
        this.minibatches = minibatches;
        this.ring = ring;
    }

    /// Reads minibatches `from` to `to` − 1, on the reading thread.
    void read(long from, long to) {
        try {
            for (long index = from; index < to && goesOn(); index++) {
                minibatches.read(index, slot(index));
                read(index);
            }
        } catch (RuntimeException | Error e) {
            end(Failure.of(e));
        }
    }

    Batch slot(long index) {
        return ring.get((int) (index % ring.size()));
    }

    private synchronized boolean goesOn() {
        return over.isEmpty();
    }

    private synchronized void read(long index) {
        ready = index + 1;
        tell();
    }

    /// Nothing more will be wanted.
    void end(String reason) {
        end(new Failure(FailureKind.DEFECT, 0, "data: " + reason, ""));
    }

    private synchronized void end(Failure reason) {
        over = Optional.of(reason);
        tell();
    }

    synchronized boolean has(long index) {
        return index < ready;
    }

    /// Whether it never will have it.
    synchronized boolean misses(long index) {
        return over.isPresent() && !has(index);
    }

    /// Completes on the player's thread when the minibatch is read.
    synchronized Future<Void> await(long index) {
        var promise = Promise.<Void>promise();
        waiting = Optional.of(new Waiting(index, promise));
        tell();
        return promise.future();
    }

    private void tell() {
        waiting.filter(who -> has(who.index) || over.isPresent()).ifPresent(who -> {
            waiting = Optional.empty();
            var failure = has(who.index) ? Optional.<Failure>empty() : over;
            player.runOnContext(_ -> failure.ifPresentOrElse(who.promise::fail, who.promise::complete));
        });
    }
}
