package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.GetPortrait;
import dev.vertigan.bus.StateRequest.LeaseDiscriminator;
import dev.vertigan.bus.StateRequest.LeaseGenerator;
import dev.vertigan.bus.StateRequest.Paint;
import dev.vertigan.bus.StateRequest.Stage;
import dev.vertigan.config.RunConfig;
import dev.vertigan.game.Portrait;
import dev.vertigan.values.Audience;
import io.vertx.core.Future;
import java.util.function.Supplier;

/// The Conductor's side of pictures: has one painted of the generator as it is, and never a second before that one is done. Nobody waits
/// for a picture but the end of the run. While someone looks, each comes with a scene of the duel.
final class Painting {

    /// How many times longer than a scene takes it is to the next: the duel is at most 5 % of one thread, however fast the game.
    private static final long SCENE_REST = 19;

    private final Bus bus;
    private final boolean averaged;
    private final Supplier<RunConfig.Game> game;
    private Future<?> painting = Future.succeededFuture();
    private Future<?> staging = Future.succeededFuture();
    private long sceneNotBefore = System.nanoTime();
    private long sceneNanos = Long.MAX_VALUE; // that one took at least
    private int pages; // that look
    private boolean wanted; // by someone who has just come

    /// @param averaged whether scenes are of the averaged G, as pictures are: images are judged one by one, as they are seen
    /// @param game as it is played now
    Painting(Bus bus, boolean averaged, Supplier<RunConfig.Game> game) {
        this.bus = bus;
        this.averaged = averaged;
        this.game = game;
    }

    /// Who looks has changed.
    void watchedBy(Audience audience) {
        wanted = audience.pages() > pages || wanted && audience.pages() > 0;
        pages = audience.pages();
    }

    /// Has a scene computed at once for someone who has just come.
    void welcome(long step) {
        if (wanted) {
            sceneNotBefore = System.nanoTime();
            stage(step, Future.succeededFuture());
        }
    }

    /// Has a scene computed after the next turn, whatever it costs.
    void show() {
        wanted = pages > 0;
    }

    /// Has a scene computed of a turn under way, whatever it costs.
    ///
    /// @param step turns completed
    void glimpse(long step) {
        sceneNotBefore = System.nanoTime();
        stage(step, Future.succeededFuture(), false);
    }

    private void stage(long step, Future<Void> time) {
        stage(step, time, true);
    }

    /// Both players are asked before anything else asks them.
    private void stage(long step, Future<Void> time, boolean complete) {
        if (pages > 0 && staging.isComplete() && System.nanoTime() - sceneNotBefore >= 0) {
            wanted = wanted && !complete;
            var generator = bus.ask(new LeaseGenerator(averaged, Portrait.Use.PICTURES));
            var discriminator = bus.ask(new LeaseDiscriminator(Portrait.Use.PICTURES));
            staging = Future.all(generator, discriminator).compose(_ -> time)
                    .compose(_ -> computed(new Stage(step, complete, generator.result(), discriminator.result(), game.get())));
        }
    }

    /// The first is slow, as all that is called is compiled; and any may have to wait for a processor. The quickest so far is what one costs.
    private Future<?> computed(Stage scene) {
        long start = System.nanoTime();
        boolean first = sceneNanos == Long.MAX_VALUE;
        return bus.ask(scene).onComplete(_ -> {
            long now = System.nanoTime();
            sceneNanos = Math.min(sceneNanos, now - start);
            sceneNotBefore = first ? now : now + SCENE_REST * sceneNanos;
        });
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
        painting = bus.ask(new GetPortrait(Portrait.Use.PICTURES)).compose(portrait -> time.compose(_ -> bus.ask(new Paint(step, portrait))));
        stage(step, time);
    }

    /// Has a last one painted, after the one that may be under way; completes when it is, or could not be.
    Future<?> last(long step) {
        return Future.join(painting, staging).otherwiseEmpty().compose(_ -> {
            sceneNotBefore = System.nanoTime();
            paint(step, Future.succeededFuture());
            return painting;
        }).otherwiseEmpty();
    }
}
