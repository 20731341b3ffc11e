package dev.vertigan.train;

import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Fakes;
import dev.vertigan.bus.TurnRequest.Generate;
import dev.vertigan.bus.TurnRequest.Improve;
import dev.vertigan.bus.TurnRequest.Judge;
import dev.vertigan.bus.TurnRequest.Minibatch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.bus.TurnRequest.SampleGradient;
import dev.vertigan.bus.TurnRequest.Verdict;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Minibatches;
import dev.vertigan.game.Moment;
import dev.vertigan.objective.Objective;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Tempo.Learner;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// One turn of the game over the bus: Algorithm 1 of Goodfellow et al. 2014.
final class Turns {

    private final Messages messages;
    private final boolean simultaneous;
    private final boolean conditional; // fakes are of the classes of the reals, pair by pair
    private final boolean critiqueNeedsReals;

    /// What happened in a turn.
    ///
    /// @param minibatches of data it used
    /// @param measured by the last of D's k updates and by G's; empty if no report is due
    record Turn(int minibatches, Map<Metric, Double> measured) {}

    /// A turn under way.
    ///
    /// @param batches minibatches of data used before it
    /// @param config as it is in this turn
    /// @param report whether one is due
    private record Now(long step, long batches, RunConfig config, boolean report) {

        int updates() {
            return config.game().discriminatorSteps();
        }

        int branch() {
            return config.game().branch();
        }

        /// Asks for one of the turn's minibatches.
        NextBatch batch(int number) {
            return new NextBatch(Minibatches.index(branch(), batches + number));
        }
    }

    Turns(Messages messages, RunConfig config) {
        this.messages = messages;
        simultaneous = config.game().schedule() == Choice.Schedule.SIMULTANEOUS;
        conditional = Classes.of(config) > 0;
        critiqueNeedsReals = conditional || Objective.of(config.game().objective()).needsReals();
    }

    /// Plays turn `step`: for k steps D learns from a minibatch of noise and one of data; then G learns from D.
    ///
    /// @param batches minibatches of data used before it
    /// @param config as it is in this turn
    /// @param report whether one is due after it
    Future<Turn> play(long step, long batches, RunConfig config, boolean report) {
        var now = new Now(step, batches, config, report);
        var judged = Future.<Verdict>succeededFuture();
        for (int phase = 0; phase < now.updates(); phase++) {
            int update = phase;
            judged = judged.compose(_ -> updateDiscriminator(now, update, update == now.updates() - 1));
        }
        return judged.compose(verdict -> critique(now, verdict).compose(critique -> updateGenerator(now, verdict, critique)));
    }

    private Future<Verdict> updateDiscriminator(Now now, int phase, boolean last) {
        messages.toward(now.step, Learner.DISCRIMINATOR, phase + 1, now.updates());
        boolean critique = simultaneous && last;
        var reals = messages.ask(now.batch(phase));
        var fakes = fakes(now, critique ? Moment.GENERATOR_PHASE : phase, reals.map(Minibatch::reals).map(Optional::of));
        return Future.all(reals, fakes).compose(_ -> messages.ask(new Judge(now.step, phase, reals.result().reals(), fakes.result(),
                now.config.game(), now.config.discriminator().optimiser(), critique, now.report && last)));
    }

    /// In a simultaneous turn one set of fakes serves both updates and the verdict brings the critique; else G asks D anew.
    private Future<SampleGradient> critique(Now now, Verdict verdict) {
        messages.toward(now.step, Learner.GENERATOR, 1, 1);
        return verdict.critique().map(Future::succeededFuture).orElseGet(() -> {
            var reals = critiqueNeedsReals
                    ? messages.ask(now.batch(now.updates())).map(batch -> Optional.of(batch.reals()))
                    : Future.succeededFuture(Optional.<Batch>empty());
            var fakes = fakes(now, Moment.GENERATOR_PHASE, reals);
            return Future.all(reals, fakes).compose(
                    _ -> messages.ask(new Critique(now.step, reals.result(), fakes.result(), now.config.game(), now.report)));
        });
    }

    /// G need not wait for the reals unless it is to make fakes of their classes.
    private Future<Batch> fakes(Now now, int phase, Future<Optional<Batch>> reals) {
        var labels = conditional ? reals.map(batch -> batch.flatMap(Batch::labels)) : Future.succeededFuture(Optional.<Tensor>empty());
        return labels.compose(classes -> messages.ask(new Generate(now.branch(), now.step, phase, classes))).map(Fakes::samples);
    }

    private Future<Turn> updateGenerator(Now now, Verdict verdict, SampleGradient critique) {
        var improve = new Improve(now.step, critique.gradient(), now.config.generator().optimiser(), now.config.averageDecay(now.step), now.report);
        return messages.ask(improve).map(improved -> {
            var measured = new EnumMap<Metric, Double>(Metric.class);
            measured.putAll(verdict.measured());
            measured.putAll(critique.measured());
            measured.putAll(improved.measured());
            return new Turn(now.updates() + (critiqueNeedsReals && !simultaneous ? 1 : 0), measured);
        });
    }
}
