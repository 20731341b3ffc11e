package dev.vertigan.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The best D over a few cells of known probabilities.
class BestDiscriminatorTest {

    private static final double[] DATA = {0.5, 0.3, 0.2, 0};
    private static final double[] GENERATED = {0.1, 0.3, 0, 0.6};

    private static RunConfig.Game game(String objective, double label) {
        return new ConfigLoader().load("ring", Optional.empty(),
                List.of(Assignment.parse("game.objective=" + objective), Assignment.parse("game.realLabel=" + label))).game();
    }

    private static BestDiscriminator best(String objective, double label) {
        return BestDiscriminator.of(game(objective, label)).orElseThrow();
    }

    /// D's loss with some logits, by plain arithmetic.
    private static double loss(RunConfig.Game game, double... logits) {
        double sum = 0;
        for (int i = 0; i < DATA.length; i++) {
            sum += switch (game.objective()) {
                case LEAST_SQUARES -> DATA[i] * Math.pow(logits[i] - game.realLabel(), 2) / 2 + GENERATED[i] * logits[i] * logits[i] / 2;
                case RELATIVISTIC -> {
                    double pairs = 0;
                    for (int j = 0; j < DATA.length; j++) {
                        pairs += DATA[i] * GENERATED[j] * Math.log1p(Math.exp(logits[j] - logits[i]));
                    }
                    yield pairs;
                }
                default -> {
                    double d = 1 / (1 + Math.exp(-logits[i]));
                    double real = game.realLabel() * Math.log(d) + (game.realLabel() < 1 ? (1 - game.realLabel()) * Math.log(1 - d) : 0);
                    yield -(DATA[i] == 0 ? 0 : DATA[i] * real) - (GENERATED[i] == 0 ? 0 : GENERATED[i] * Math.log(1 - d));
                }
            };
        }
        return sum;
    }

    private static double divergence() {
        double sum = 0;
        for (int i = 0; i < DATA.length; i++) {
            double middle = (DATA[i] + GENERATED[i]) / 2;
            sum += (DATA[i] == 0 ? 0 : DATA[i] * Math.log(DATA[i] / middle))
                    + (GENERATED[i] == 0 ? 0 : GENERATED[i] * Math.log(GENERATED[i] / middle));
        }
        return sum / 2;
    }

    /// V(D*) = −log 4 + 2 JSD, of which D's loss is the negative.
    @ParameterizedTest
    @ValueSource(strings = {"minimax", "non-saturating", "maximum-likelihood"})
    void itsValueIsTheJensenShannonDivergence(String objective) {
        assertEquals(Math.log(4) - 2 * divergence(), best(objective, 1).loss(DATA, GENERATED), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimax", "least-squares", "relativistic"})
    void noOtherAnswersHaveLessLoss(String objective) {
        for (double label : objective.equals("relativistic") ? new double[] {1} : new double[] {1, 0.9}) {
            var game = game(objective, label);
            var best = best(objective, label);
            double[] logits = new double[DATA.length];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Math.clamp(best.logit(DATA[i], GENERATED[i]), -30, 30);
            }
            double least = best.loss(DATA, GENERATED);
            assertEquals(loss(game, logits), least, 1e-9, "its own loss");
            var random = new Random(3);
            for (int attempt = 0; attempt < 200; attempt++) {
                double[] others = logits.clone();
                for (int i = 0; i < others.length; i++) {
                    others[i] += 0.3 * random.nextGaussian();
                }
                assertTrue(loss(game, others) >= least - 1e-9, objective + " label " + label);
            }
        }
    }

    @Test
    void wassersteinHasNone() {
        assertFalse(BestDiscriminator.of(game("wasserstein", 1)).isPresent());
        assertFalse(best("hinge", 1).smooth());
    }
}
