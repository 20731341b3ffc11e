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

    /// e^10 = 22,026 times as likely real as fake.
    static final double MOST_LOGIT = 10;

    private static final Loss NONE = Loss.of(Curve.LINEAR).times(0);
    private static final Loss LOGIT = Loss.of(Curve.LINEAR);
    private static final Loss SOFTPLUS = Loss.of(Curve.SOFTPLUS);
    private static final Loss SQUARE = Loss.of(Curve.SQUARE).times(0.5);
    private static final Loss RELU = Loss.of(Curve.RELU);

    /// G minimises log(1 − D(G(z))) (Goodfellow et al. 2014, equation 1).
    private static final Objective MINIMAX = new Objective(Versus.NOTHING, Objective::crossEntropy, SOFTPLUS, NONE, SOFTPLUS.times(-1),
            Optional.of(LOGIT.times(-1)));

    /// G maximises log D(G(z)), section 3 there: the same fixed point, stronger gradients early on. The slopes' ratio is −e⁻ᵃ.
    private static final Objective NON_SATURATING = new Objective(Versus.NOTHING, Objective::crossEntropy, SOFTPLUS, NONE, SOFTPLUS.at(-1, 0),
            Optional.of(Loss.of(Curve.EXP).at(-1, 0)));

    /// G minimises −e^a' = −p/(1 − p): with the best D the gradient of the likelihood of the data (Goodfellow 2016, section 3.2.4). Logits
    /// beyond [#MOST_LOGIT] count as that.
    private static final Objective MAXIMUM_LIKELIHOOD = new Objective(Versus.NOTHING, Objective::crossEntropy, SOFTPLUS, NONE,
            Loss.of(Curve.EXP).times(-1), Optional.empty());

    /// D's squared distance from the label at reals and from 0 at fakes, G's from 1 (Mao et al. 2017, equation 9).
    private static final Objective LEAST_SQUARES = new Objective(Versus.NOTHING, label -> SQUARE.at(1, -label), SQUARE, NONE, SQUARE.at(1, -1),
            Optional.empty());

    /// The difference of means, for a critic kept smooth by a penalty (Arjovsky et al. 2017; Gulrajani et al. 2017).
    private static final Objective WASSERSTEIN = new Objective(Versus.NOTHING, _ -> LOGIT.times(-1), LOGIT, NONE, LOGIT.times(-1),
            Optional.of(LOGIT.times(-1)));

    /// D's loss ends where it is sure by a margin of 1 (Lim & Ye 2017; Miyato et al. 2018, equations 16 and 17).
    private static final Objective HINGE = new Objective(Versus.NOTHING, _ -> RELU.at(-1, 1), RELU.at(1, 1), NONE, LOGIT.times(-1),
            Optional.empty());

    /// Each real against a fake, −log σ(a − a') (Jolicoeur-Martineau 2018, equation 9; Huang et al. 2024).
    private static final Objective RELATIVISTIC = new Objective(Versus.PARTNER, _ -> SOFTPLUS.at(-1, 0), NONE, NONE, SOFTPLUS.at(-1, 0),
            Optional.empty());

    /// Each against the mean of the others (Jolicoeur-Martineau 2018, equations 13 and 14).
    private static final Objective RELATIVISTIC_AVERAGE = new Objective(Versus.MEAN, _ -> SOFTPLUS.at(-1, 0), SOFTPLUS, SOFTPLUS,
            SOFTPLUS.at(-1, 0), Optional.empty());

    /// Cross-entropy against a label: softplus(a) − label · a.
    private static Loss crossEntropy(double label) {
        return SOFTPLUS.tilted(-label);
    }

    /// The objective of a configuration.
    public static Objective of(Choice.Objective choice) {
        return switch (choice) {
            case MINIMAX -> MINIMAX;
            case NON_SATURATING -> NON_SATURATING;
            case MAXIMUM_LIKELIHOOD -> MAXIMUM_LIKELIHOOD;
            case LEAST_SQUARES -> LEAST_SQUARES;
            case WASSERSTEIN -> WASSERSTEIN;
            case HINGE -> HINGE;
            case RELATIVISTIC -> RELATIVISTIC;
            case RELATIVISTIC_AVERAGE -> RELATIVISTIC_AVERAGE;
        };
    }

    /// Whether what G minimises grows without bound in a logit, which is then bounded by [#MOST_LOGIT].
    public boolean unbounded() {
        return equals(MAXIMUM_LIKELIHOOD);
    }

    /// Whether G's loss needs reals too.
    public boolean needsReals() {
        return versus != Versus.NOTHING;
    }
}
