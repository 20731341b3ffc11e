package dev.vertigan.train;

import dev.vertigan.values.Command.Part;
import dev.vertigan.values.Tempo.Held;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Holds the messages of a turn back, one after the other: for slow motion, and for who steps through a turn. Used on the Conductor's context.
final class Pacing {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Messages of a turn that are not known yet.
    private static final int USUAL = 6;

    private final Timer timer;
    private final Runnable whenHeld;
    private double turnsPerSecond; // 0 = as fast as can be
    private Optional<Part> part = Optional.empty(); // up to the end of which a stepped turn goes on
    private boolean partIsOver;
    private Optional<Held> held = Optional.empty();
    private Optional<Promise<Void>> waiting = Optional.empty(); // the message that is held back
    private boolean hurried; // to the end of this turn
    private int sent; // in this turn
    private int ofLastTurn = USUAL;
    private long due = System.nanoTime(); // the next message
    private long heldNanos; // in this turn

    /// Runs something later, on the same context.
    interface Timer {

        void after(long millis, Runnable action);
    }

    /// @param whenHeld told when a stepped turn has come to the end of its part
    Pacing(Timer timer, Runnable whenHeld) {
        this.timer = timer;
        this.whenHeld = whenHeld;
    }

    /// Whether messages go as they come.
    boolean free() {
        return part.isEmpty() && (turnsPerSecond == 0 || hurried);
    }

    double turnsPerSecond() {
        return turnsPerSecond;
    }

    /// Where the turn waits, if it is held.
    Optional<Held> held() {
        return held;
    }

    /// Takes effect at once.
    void pace(double perSecond) {
        turnsPerSecond = perSecond;
        due = System.nanoTime();
        if (held.isEmpty()) {
            go();
        }
    }

    /// Has this turn, or the next one, go on up to the end of a part.
    void advance(Part upTo) {
        part = Optional.of(upTo);
        partIsOver = false;
        held = Optional.empty();
        go();
    }

    /// Has the turn under way go on to its end, as fast as it can.
    void hurry() {
        hurried = true;
        part = Optional.empty();
        held = Optional.empty();
        go();
    }

    private void go() {
        waiting.ifPresent(Promise::tryComplete);
    }

    /// Completes when the message may be sent.
    ///
    /// @param next what the turn is at
    Future<Void> before(Held next) {
        sent++;
        if (free()) {
            return Future.succeededFuture();
        }
        long now = System.nanoTime();
        var gate = Promise.<Void>promise();
        if (partIsOver) {
            held = Optional.of(next);
            waiting = Optional.of(gate);
            whenHeld.run();
        } else {
            long millis = part.isPresent() ? 0 : TimeUnit.NANOSECONDS.toMillis(due - now);
            due = Math.max(due, now) + (long) (NANOS / Math.max(1e-3, turnsPerSecond) / ofLastTurn);
            if (millis < 1) {
                return Future.succeededFuture();
            }
            waiting = Optional.of(gate);
            timer.after(millis, gate::tryComplete);
        }
        return gate.future().onComplete(_ -> {
            waiting = Optional.empty();
            heldNanos += System.nanoTime() - now;
        });
    }

    /// A message was answered.
    ///
    /// @param updated whether a player learned by it
    void after(boolean updated) {
        partIsOver = part.filter(upTo -> upTo == Part.MESSAGE || updated).isPresent();
    }

    /// The turn is over, or broken off.
    ///
    /// @return nanoseconds that it was held back
    long turnOver() {
        ofLastTurn = Math.max(1, sent);
        sent = 0;
        hurried = false;
        part = Optional.empty();
        partIsOver = false;
        held = Optional.empty();
        long nanos = heldNanos;
        heldNanos = 0;
        return nanos;
    }
}
