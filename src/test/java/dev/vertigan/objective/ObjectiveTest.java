package dev.vertigan.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveTest {

    private static final double[] LOGITS = {-30, -7.5, -1, -1e-3, 0, 1e-3, 0.7, 5, 30};

    @ParameterizedTest
    @EnumSource
    void slopesAreTheDerivativesOfTheLosses(Objective objective) {
        for (double target : new double[] {1, 0.9}) {
            assertDerivative(a -> objective.realLoss(a, target), a -> objective.realSlope(a, target));
        }
        assertDerivative(objective::fakeLoss, objective::fakeSlope);
        assertDerivative(objective::generatorLoss, objective::generatorSlope);
    }

    private static void assertDerivative(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
        for (double logit : LOGITS) {
            double h = 1e-5;
            double central = (value.applyAsDouble(logit + h) - value.applyAsDouble(logit - h)) / (2 * h);
            assertEquals(central, slope.applyAsDouble(logit), 1e-8);
        }
    }

    @Test
    void lossesAreThoseOfThePaper() {
        for (double logit : new double[] {-3, -0.2, 0, 1.7}) {
            double d = 1 / (1 + Math.exp(-logit));
            assertEquals(-Math.log(d), Objective.MINIMAX.realLoss(logit, 1), 1e-12);
            assertEquals(-0.9 * Math.log(d) - 0.1 * Math.log(1 - d), Objective.MINIMAX.realLoss(logit, 0.9), 1e-12);
            assertEquals(-Math.log(1 - d), Objective.MINIMAX.fakeLoss(logit), 1e-12);
            assertEquals(Math.log(1 - d), Objective.MINIMAX.generatorLoss(logit), 1e-12);
            assertEquals(-Math.log(d), Objective.NON_SATURATING.generatorLoss(logit), 1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e300, -1e4, -800, 800, 1e4, 1e300})
    void extremeLogitsNeverOverflow(double logit) {
        for (var objective : Objective.values()) {
            assertTrue(Double.isFinite(objective.fakeLoss(logit)));
            assertTrue(Double.isFinite(objective.realLoss(logit, 1)));
            assertTrue(Double.isFinite(objective.generatorLoss(logit)));
            assertTrue(Math.abs(objective.fakeSlope(logit)) <= 1);
            assertTrue(Math.abs(objective.generatorSlope(logit)) <= 1);
        }
    }

    @Test
    void notANumberStaysVisible() {
        assertTrue(Double.isNaN(Objective.MINIMAX.fakeLoss(Double.NaN)));
        assertTrue(Double.isNaN(Objective.sigmoid(Double.NaN)));
    }
}
