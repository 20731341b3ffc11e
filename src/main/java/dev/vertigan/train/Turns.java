package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest.Batch;
import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Fakes;
import dev.vertigan.bus.TurnRequest.Generate;
import dev.vertigan.bus.TurnRequest.Improve;
import dev.vertigan.bus.TurnRequest.Improved;
import dev.vertigan.bus.TurnRequest.Judge;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.bus.TurnRequest.SampleGradient;
import dev.vertigan.bus.TurnRequest.Verdict;
import dev.vertigan.game.Moment;
import dev.vertigan.values.Settings;
import io.vertx.core.Future;

/// One turn of the game over the bus: Algorithm 1 of Goodfellow et al. 2014.
final class Turns {

    private final Bus bus;
    private final boolean simultaneous;

    /// What happened in a turn: the last of D's k updates, and G's.
    record Turn(Verdict verdict, double generatorLoss, Improved improved) {}

    Turns(Bus bus, boolean simultaneous) {
        this.bus = bus;
        this.simultaneous = simultaneous;
    }

    /// Plays turn `step`: for k steps D learns from a minibatch of noise and one of data; then G learns from D.
    ///
    /// @param batches minibatches of data used before it; it uses k more
    Future<Turn> play(long step, long batches, Settings settings) {
        int k = settings.discriminatorSteps();
        var judged = Future.<Verdict>succeededFuture();
        for (int phase = 0; phase < k; phase++) {
            int update = phase;
            judged = judged.compose(_ -> updateDiscriminator(step, update, batches + update, settings, simultaneous && update == k - 1));
        }
        return judged.compose(verdict -> critique(step, verdict).compose(critique -> updateGenerator(step, verdict, critique, settings)));
    }

    private Future<Verdict> updateDiscriminator(long step, int phase, long batch, Settings settings, boolean critique) {
        var reals = bus.ask(new NextBatch(batch));
        var fakes = bus.ask(new Generate(step, simultaneous && critique ? Moment.GENERATOR_PHASE : phase));
        return Future.all(reals, fakes)
                .compose(_ -> bus.ask(judge(step, phase, reals.result(), fakes.result(), settings, critique)));
    }

    private static Judge judge(long step, int phase, Batch reals, Fakes fakes, Settings settings, boolean critique) {
        return new Judge(step, phase, reals.reals(), fakes.samples(), settings.rateD(), critique);
    }

    /// In a simultaneous turn one set of fakes serves both updates and the verdict brings the critique; else G asks D anew.
    private Future<SampleGradient> critique(long step, Verdict verdict) {
        return verdict.critique().map(Future::succeededFuture)
                .orElseGet(() -> bus.ask(new Generate(step, Moment.GENERATOR_PHASE)).compose(fakes -> bus.ask(new Critique(step, fakes.samples()))));
    }

    private Future<Turn> updateGenerator(long step, Verdict verdict, SampleGradient critique, Settings settings) {
        return bus.ask(new Improve(step, critique.gradient(), settings.rateG())).map(improved -> new Turn(verdict, critique.loss(), improved));
    }
}
