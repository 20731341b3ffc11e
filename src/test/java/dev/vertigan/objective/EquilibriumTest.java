package dev.vertigan.objective;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.config.Choice;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EquilibriumTest {

    private static final double LN2 = Math.log(2);

    private static void assertRest(Choice.Objective choice, double label, double logit, double lossD, double lossG, OptionalDouble leastD) {
        var found = Equilibrium.of(Objective.of(choice), label);
        assertAll(choice + ", label " + label,
                () -> assertEquals(logit, found.logit(), 1e-6, "logit"),
                () -> assertEquals(lossD, found.lossD(), 1e-9, "D's loss"),
                () -> assertEquals(lossG, found.lossG(), 1e-6, "G's loss"),
                () -> assertEquals(leastD.isPresent(), found.leastD().isPresent(), "whether D's loss has a bound"),
                () -> assertEquals(leastD.orElse(0), found.leastD().orElse(0), 1e-6, "D's least loss"));
    }

    /// Worked out by hand for a D that gives every sample the same logit.
    @Test
    void everyObjectiveRestsWhereItsPaperSays() {
        var nothing = OptionalDouble.of(0);
        assertRest(Choice.Objective.NON_SATURATING, 1, 0, 2 * LN2, LN2, nothing);
        assertRest(Choice.Objective.MINIMAX, 1, 0, 2 * LN2, -LN2, nothing);
        assertRest(Choice.Objective.MAXIMUM_LIKELIHOOD, 1, 0, 2 * LN2, -1, nothing);
        assertRest(Choice.Objective.LEAST_SQUARES, 1, 0.5, 0.25, 0.125, nothing);
        assertRest(Choice.Objective.WASSERSTEIN, 1, 0, 0, 0, OptionalDouble.empty());
        assertRest(Choice.Objective.HINGE, 1, 0, 2, 0, nothing);
        assertRest(Choice.Objective.RELATIVISTIC, 1, 0, LN2, LN2, nothing);
        assertRest(Choice.Objective.RELATIVISTIC_AVERAGE, 1, 0, 2 * LN2, 2 * LN2, nothing);
    }

    /// With real label l, D's best guess is l/2, and its least loss the entropy of the label.
    @Test
    void smoothedLabelsMoveIt() {
        double score = 0.45;
        double entropy = -0.9 * Math.log(0.9) - 0.1 * Math.log(0.1);
        assertRest(Choice.Objective.NON_SATURATING, 0.9, Math.log(score / (1 - score)), -0.9 * Math.log(score) - 1.1 * Math.log(1 - score),
                -Math.log(score), OptionalDouble.of(entropy));
    }
}
