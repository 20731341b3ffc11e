package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.GetPortrait;
import dev.vertigan.bus.StateRequest.Paint;
import io.vertx.core.Future;

/// The Conductor's side of pictures: has one painted of the generator as it is, and never a second before that one is done. Nobody waits
/// for a picture but the end of the run.
final class Painting {

    private final Bus bus;
    private Future<?> painting = Future.succeededFuture();

    Painting(Bus bus) {
        this.bus = bus;
    }

    /// Whether a picture is due after `step` turns: every so often, and of the beginning at 1, 2, 5, 10, 25, 50, 100 … turns too.
    static boolean due(long step, int every) {
        long digits = step;
        while (digits > 0 && digits % 10 == 0) {
            digits /= 10;
        }
        return step % every == 0 || step < every && (digits == 1 || digits == 5 || digits == 25 || step == 2);
    }

    /// Has one painted, unless one is under way.
    void paint(long step) {
        if (painting.isComplete()) {
            paint(step, Future.succeededFuture());
        }
    }

    /// Has one painted of the generator as it is now, when its time has come.
    void paint(long step, Future<Void> time) {
        painting = bus.ask(new GetPortrait()).compose(portrait -> time.compose(_ -> bus.ask(new Paint(step, portrait))));
    }

    /// Has a last one painted, after the one that may be under way; completes when it is, or could not be.
    Future<?> last(long step) {
        return painting.otherwiseEmpty().compose(_ -> {
            paint(step, Future.succeededFuture());
            return painting;
        }).otherwiseEmpty();
    }
}
