package dev.vertigan.objective;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import java.util.Optional;

/// D*: what D would do best to answer where real and generated samples have some densities, for the objectives that say so in closed form.
public final class BestDiscriminator {

    private static final double FARTHEST = 60; // no logit beyond matters: e⁻⁶⁰ is nothing

    private final Choice.Objective objective;
    private final double realLabel;

    private BestDiscriminator(Choice.Objective objective, double realLabel) {
        this.objective = objective;
        this.realLabel = realLabel;
    }

    /// Empty where D has no best (Wasserstein), or it is not known of densities alone (relativistic average).
    public static Optional<BestDiscriminator> of(RunConfig.Game game) {
        return switch (game.objective()) {
            case WASSERSTEIN, RELATIVISTIC_AVERAGE -> Optional.empty();
            default -> Optional.of(new BestDiscriminator(game.objective(), game.realLabel()));
        };
    }

    /// From p_data and p_g to a logit: log p_data/p_g for cross-entropy (Goodfellow et al. 2014, proposition 1; with a label l of reals,
    /// σ = l · p_data/(p_data + p_g)) and for a real against a fake, there up to a constant (Jolicoeur-Martineau 2020, section 3);
    /// l · p_data/(p_data + p_g) for least squares (Mao et al. 2017, equation 4); ±1 for hinge.
    public double logit(double data, double generated) {
        return switch (objective) {
            case LEAST_SQUARES -> realLabel * data / (data + generated);
            case HINGE -> Math.signum(data - generated);
            case RELATIVISTIC -> within(Math.log(data / generated));
            default -> {
                double share = realLabel * data / (data + generated);
                yield within(Math.log(share / (1 - share)));
            }
        };
    }

    private static double within(double logit) {
        return Math.clamp(logit, -FARTHEST, FARTHEST);
    }

    /// Whether only differences of logits count.
    public boolean upToConstant() {
        return objective == Choice.Objective.RELATIVISTIC;
    }

    /// Whether it is a smooth function of the densities, so that estimates of them say how far D is from it.
    public boolean smooth() {
        return objective != Choice.Objective.HINGE;
    }

    /// What people read: the probability of "real", or for least squares the answer itself.
    public double score(double logit) {
        return objective == Choice.Objective.LEAST_SQUARES ? logit : 1 / (1 + Math.exp(-logit));
    }

    /// The loss of the best D over cells with these probabilities; for cross-entropy with label 1 it is 2 log 2 − 2 JSD (Goodfellow et al. 2014,
    /// theorem 1).
    ///
    /// @param data of the cells; generated alike
    public double loss(double[] data, double... generated) {
        var losses = Objective.of(objective);
        var real = losses.real().apply(realLabel);
        double sum = 0;
        for (int i = 0; i < data.length; i++) {
            double logit = data[i] + generated[i] == 0 ? 0 : logit(data[i], generated[i]);
            if (losses.versus() == Objective.Versus.NOTHING) {
                sum += data[i] * real.value(logit) + generated[i] * losses.fake().value(logit);
            } else {
                for (int j = 0; j < data.length; j++) {
                    sum += generated[j] == 0 ? 0 : data[i] * generated[j] * real.value(logit - logit(data[j], generated[j]));
                }
            }
        }
        return sum;
    }
}
