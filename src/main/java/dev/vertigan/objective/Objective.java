package dev.vertigan.objective;

import dev.vertigan.config.Choice;
import dev.vertigan.tensor.Curve;
import dev.vertigan.tensor.Loss;
import java.util.Optional;
import java.util.function.DoubleFunction;

/// What D and G minimise: sums of functions of logits a = D(x), or of logits measured against those of the other kind.
///
/// With σ(a) the probability that x is real: log σ(a) = −softplus(−a) and log(1 − σ(a)) = −softplus(a), which never overflow.
///
/// @param versus what a logit is measured against
/// @param real D's loss on a real, given the label of reals: 1, or below for one-sided label smoothing (Salimans et al. 2016, section 3.4)
/// @param fake D's loss on a fake
/// @param generatorReal G's loss on a real; only where logits are measured against each other
/// @param generatorFake G's loss on a fake
/// @param ratio where D's slope at a fake is never zero: what has as its derivative there G's slope over D's
public record Objective(Versus versus, DoubleFunction<Loss> real, Loss fake, Loss generatorReal, Loss generatorFake, Optional<Loss> ratio) {

    /// What a logit is measured against.
    public enum Versus {

        /// Nothing: each is its own.
        NOTHING,

        /// Its partner: the i-th real and the i-th fake (Jolicoeur-Martineau 2018).
        PARTNER,

        /// The mean of the other kind.
        MEAN
    }

    private static final Loss NONE = Loss.of(Curve.LINEAR).times(0);
    private static final Loss SOFTPLUS = Loss.of(Curve.SOFTPLUS);

    /// G minimises log(1 − D(G(z))) (Goodfellow et al. 2014, equation 1).
    private static final Objective MINIMAX = new Objective(Versus.NOTHING, Objective::crossEntropy, SOFTPLUS, NONE, SOFTPLUS.times(-1),
            Optional.of(Loss.of(Curve.LINEAR).times(-1)));

    /// G maximises log D(G(z)), section 3 there: the same fixed point, stronger gradients early on. The slopes' ratio is −e⁻ᵃ.
    private static final Objective NON_SATURATING = new Objective(Versus.NOTHING, Objective::crossEntropy, SOFTPLUS, NONE, SOFTPLUS.at(-1, 0),
            Optional.of(Loss.of(Curve.EXP).at(-1, 0)));

    /// Cross-entropy against a label: softplus(a) − label · a.
    private static Loss crossEntropy(double label) {
        return SOFTPLUS.tilted(-label);
    }

    /// The objective of a configuration.
    public static Objective of(Choice.Objective choice) {
        return switch (choice) {
            case MINIMAX -> MINIMAX;
            case NON_SATURATING -> NON_SATURATING;
        };
    }

    /// Whether G's loss needs reals too.
    public boolean needsReals() {
        return versus != Versus.NOTHING;
    }
}
