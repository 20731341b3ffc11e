package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Evaluate;
import dev.vertigan.bus.StateRequest.Evaluated;
import dev.vertigan.bus.StateRequest.GetPortrait;
import dev.vertigan.bus.StateRequest.LeaseDiscriminator;
import dev.vertigan.bus.StateRequest.LeaseGenerator;
import dev.vertigan.bus.StateRequest.Opponents;
import dev.vertigan.config.RunConfig;
import dev.vertigan.game.Portrait;
import dev.vertigan.values.Metric;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Conductor's side of evaluation: has samples measured as often as the share of the time allows that may go into it. Nobody ever waits
/// for it, and the run does not depend on it.
final class Evaluating {

    private static final Logger LOG = LoggerFactory.getLogger(Evaluating.class);

    private final Bus bus;
    private final boolean players;
    private final Consumer<Map<Metric, Double>> found;
    private Future<?> evaluating = Future.succeededFuture();
    private long cost; // nanoseconds of work that the last one took
    private final long began = System.nanoTime();
    private long ended = began;
    private long spent; // nanoseconds of work that all took
    private boolean broken;
    private int branch; // counts those that were begun

    /// @param players whether both are measured, against each other or against others, and not samples alone
    /// @param found takes what was measured
    Evaluating(Bus bus, boolean players, Consumer<Map<Metric, Double>> found) {
        this.bus = bus;
        this.players = players;
        this.found = found;
    }

    /// The run goes back: what is being measured is of turns that it leaves.
    void branch() {
        branch++;
    }

    /// Has an evaluation made, if it is time. One that took t comes t · (1/share − 1) after the last one's end.
    void turn(long step, RunConfig config) {
        double share = config.evaluation().share();
        if (share == 0 || broken || !evaluating.isComplete() || System.nanoTime() - ended < cost * (1 / share - 1)) {
            return;
        }
        int mine = branch;
        var portrait = bus.ask(new GetPortrait(Portrait.Use.EVALUATION)); // all are asked before the next turn asks anything
        var opponents = players ? opponents(config.game()) : Future.succeededFuture(Optional.<Opponents>empty());
        evaluating = Future.all(portrait, opponents).compose(_ -> bus.ask(new Evaluate(step, portrait.result(), opponents.result())))
                .onComplete(_ -> ended = System.nanoTime())
                .onSuccess(evaluated -> {
                    cost = evaluated.nanos();
                    spent += cost;
                    if (mine == branch) {
                        found.accept(told(evaluated));
                    }
                }).onFailure(e -> {
                    broken = true;
                    LOG.warn("samples are not evaluated any more: {}", e.getMessage());
                });
    }

    private Map<Metric, Double> told(Evaluated evaluated) {
        var figures = new EnumMap<Metric, Double>(Metric.class);
        figures.putAll(evaluated.figures());
        figures.put(Metric.EVALUATION_SECONDS, spent / 1e9);
        figures.put(Metric.EVALUATION_SHARE, spent / (double) (System.nanoTime() - began));
        return figures;
    }

    private Future<Optional<Opponents>> opponents(RunConfig.Game game) {
        var generator = bus.ask(new LeaseGenerator(false, Portrait.Use.EVALUATION));
        var discriminator = bus.ask(new LeaseDiscriminator(Portrait.Use.EVALUATION));
        return Future.all(generator, discriminator).map(_ -> Optional.of(new Opponents(generator.result(), discriminator.result(), game)));
    }
}
