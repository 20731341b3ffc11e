package dev.vertigan.bus;

import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Request;
import java.util.Optional;

/// The messages of one turn of the game, in the order Algorithm 1 sends them. Weights never leave their owner: what crosses between
/// the players are samples and the gradient at samples.
///
/// @param <R> the answer
public sealed interface TurnRequest<R extends Record> extends Request<R> {

    /// Asks the feed for the run's minibatch number `index`, from 0.
    record NextBatch(long index) implements TurnRequest<Batch> {}

    /// @param reals x `[batch, features]`
    record Batch(long index, Tensor reals) {}

    /// Asks G for fakes.
    ///
    /// @param phase the pass within the turn
    record Generate(long step, int phase) implements TurnRequest<Fakes> {}

    /// @param samples G(z) `[batch, features]`
    record Fakes(long step, int phase, Tensor samples) {}

    /// Asks D to learn from a minibatch of each.
    ///
    /// @param rate the learning rate before decay
    /// @param critique whether the gradient G learns from is wanted too, at the same fakes and by the D before its update
    record Judge(long step, int phase, Tensor reals, Tensor fakes, double rate, boolean critique) implements TurnRequest<Verdict> {}

    /// What D's update saw and did.
    ///
    /// @param loss D's loss, nats
    /// @param scoreReal mean of σ(D(x))
    /// @param scoreFake mean of σ(D(G(z)))
    /// @param gradientNorm L2
    /// @param updateRatio L2 of the update over that of the weights
    record Verdict(long step, int phase, double loss, double scoreReal, double scoreFake, double gradientNorm, double updateRatio,
            Optional<SampleGradient> critique) {}

    /// Asks D, which stays as it is, what G should change.
    record Critique(long step, Tensor fakes) implements TurnRequest<SampleGradient> {}

    /// @param gradient `∂L_G/∂x[batch, features]`
    /// @param loss G's loss, nats
    record SampleGradient(long step, Tensor gradient, double loss) {}

    /// Asks G to learn.
    ///
    /// @param rate the learning rate before decay
    record Improve(long step, Tensor gradient, double rate) implements TurnRequest<Improved> {}

    /// What G's update did.
    record Improved(long step, double gradientNorm, double updateRatio) {}
}
