package dev.vertigan.duel;

import dev.vertigan.config.RunConfig;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/// D*: the logit that D would do best to give where real and generated samples have some densities, for the objectives that say so in closed form.
final class BestDiscriminator {

    private BestDiscriminator() {}

    /// From p_data and p_g to a logit: log p_data/p_g for cross-entropy (Goodfellow et al. 2014, proposition 1; with a label l of reals,
    /// σ = l · p_data/(p_data + p_g)), l · p_data/(p_data + p_g) for least squares (Mao et al. 2017, equation 4), ±1 for hinge. Empty where
    /// only differences of logits count, or D has no best.
    static Optional<DoubleBinaryOperator> of(RunConfig.Game game) {
        double label = game.realLabel();
        return switch (game.objective()) {
            case MINIMAX, NON_SATURATING, MAXIMUM_LIKELIHOOD -> Optional.of((data, generated) -> {
                double share = label * data / (data + generated);
                return Math.log(share / (1 - share));
            });
            case LEAST_SQUARES -> Optional.of((data, generated) -> label * data / (data + generated));
            case HINGE -> Optional.of((data, generated) -> Math.signum(data - generated));
            case WASSERSTEIN, RELATIVISTIC, RELATIVISTIC_AVERAGE -> Optional.empty();
        };
    }
}
