package dev.vertigan.bus;

import dev.vertigan.config.RunConfig;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Request;
import java.util.Map;
import java.util.Optional;

/// The messages of one turn of the game, in the order Algorithm 1 sends them. Weights never leave their owner: what crosses between
/// the players are samples and the gradient at samples.
///
/// @param <R> the answer
public sealed interface TurnRequest<R extends Record> extends Request<R> {

    /// Asks the feed for the run's minibatch number `index`, from 0.
    record NextBatch(long index) implements TurnRequest<Minibatch> {}

    /// @param reals x `[batch, features]`, with classes where the game knows them
    record Minibatch(long index, Batch reals) {}

    /// Asks G for fakes.
    ///
    /// @param branch of the game, see [dev.vertigan.game.Moment]
    /// @param phase the pass within the turn
    /// @param labels the class each is to be of, `[batch]`; none where the game knows no classes
    record Generate(int branch, long step, int phase, Optional<Tensor> labels) implements TurnRequest<Fakes> {}

    /// @param samples G(z) `[batch, features]`, with the classes asked for
    record Fakes(long step, int phase, Batch samples) {}

    /// Asks D to learn from a minibatch of each.
    ///
    /// @param game and optimiser as they are in this turn
    /// @param critique whether the gradient G learns from is wanted too, at the same fakes and by the D before its update
    /// @param report whether what is measured is wanted
    record Judge(long step, int phase, Batch reals, Batch fakes, RunConfig.Game game, RunConfig.Optimiser optimiser, boolean critique,
            boolean report) implements TurnRequest<Verdict> {}

    /// What D's update saw and did.
    ///
    /// @param learnNanos of the time it took, the optimiser's part
    /// @param measured empty unless it was wanted
    record Verdict(long step, int phase, long learnNanos, Map<Metric, Double> measured, Optional<SampleGradient> critique) {}

    /// Asks D, which stays as it is, what G should change.
    ///
    /// @param reals x `[batch, features]`, where the objective measures reals and fakes against each other
    record Critique(long step, Optional<Batch> reals, Batch fakes, RunConfig.Game game, boolean report) implements TurnRequest<SampleGradient> {}

    /// @param gradient `∂L_G/∂x[batch, features]`
    /// @param measured empty unless it was wanted
    record SampleGradient(long step, Tensor gradient, Map<Metric, Double> measured) {}

    /// Asks G to learn.
    ///
    /// @param optimiser and emaDecay as they are in this turn
    record Improve(long step, Tensor gradient, RunConfig.Optimiser optimiser, double emaDecay, boolean report) implements TurnRequest<Improved> {}

    /// What G's update did.
    ///
    /// @param learnNanos of the time it took, the optimiser's part
    /// @param measured empty unless it was wanted
    record Improved(long step, long learnNanos, Map<Metric, Double> measured) {}
}
