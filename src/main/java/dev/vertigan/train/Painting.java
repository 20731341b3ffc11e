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
