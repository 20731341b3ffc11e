package dev.vertigan.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import java.util.Arrays;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveTest {

    private static final double[] LOGITS = {-30, -7.5, -1, -1e-3, 0, 1e-3, 0.7, 5, 30};

    /// None is trained as another, and none is out of reach.
    @Test
    void everyChoiceIsAnObjectiveOfItsOwn() {
        assertEquals(Set.of(Objective.values()), Arrays.stream(Choice.Objective.values()).map(Objective::of).collect(Collectors.toSet()));
        assertEquals(Objective.values().length, Choice.Objective.values().length);
    }

    @ParameterizedTest
    @EnumSource
    void slopesAreTheDerivativesOfTheLosses(Objective objective) {
        for (double target : new double[] {1, 0.9}) {
            assertDerivative(a -> objective.realLoss(a, target), a -> objective.realSlope(a, target));
        }
        assertDerivative(objective::fakeLoss, objective::fakeSlope);
        assertDerivative(objective::generatorLoss, objective::generatorSlope);
    }

    private static void assertDerivative(ToDoubleFunction<Logit> value, ToDoubleFunction<Logit> slope) {
        for (double logit : LOGITS) {
            double h = 1e-5;
            double central = (value.applyAsDouble(Logit.of(logit + h)) - value.applyAsDouble(Logit.of(logit - h))) / (2 * h);
            assertEquals(central, slope.applyAsDouble(Logit.of(logit)), 1e-8);
        }
    }

    @Test
    void lossesAreThoseOfThePaper() {
        for (double a : new double[] {-3, -0.2, 0, 1.7}) {
            var logit = Logit.of(a);
            double d = 1 / (1 + Math.exp(-a));
            assertEquals(-Math.log(d), Objective.MINIMAX.realLoss(logit, 1), 1e-12);
            assertEquals(-0.9 * Math.log(d) - 0.1 * Math.log(1 - d), Objective.MINIMAX.realLoss(logit, 0.9), 1e-12);
            assertEquals(-Math.log(1 - d), Objective.MINIMAX.fakeLoss(logit), 1e-12);
            assertEquals(Math.log(1 - d), Objective.MINIMAX.generatorLoss(logit), 1e-12);
            assertEquals(-Math.log(d), Objective.NON_SATURATING.generatorLoss(logit), 1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e300, -1e4, -800, 800, 1e4, 1e300})
    void extremeLogitsNeverOverflow(double a) {
        var logit = Logit.of(a);
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
        assertTrue(Double.isNaN(Objective.MINIMAX.fakeLoss(Logit.of(Double.NaN))));
        assertTrue(Double.isNaN(Logit.of(Double.NaN).probability()));
    }

    /// Next to the functions of Java's library, which round right to the last place or two.
    @Test
    void allIsPreciseWhereItIsSmall() {
        for (double a = -300; a <= 300; a += 0.37) {
            var logit = Logit.of(a);
            double e = Math.exp(-Math.abs(a));
            assertUlps(Math.max(a, 0) + Math.log1p(e), logit.softplus());
            assertUlps(Math.max(-a, 0) + Math.log1p(e), logit.softplusOfNegative());
            assertUlps(1 / (1 + Math.exp(-a)), logit.probability());
            assertUlps(1 / (1 + Math.exp(a)), logit.complement());
        }
    }

    private static void assertUlps(double expected, double found) {
        assertEquals(expected, found, 4 * Math.ulp(expected));
    }
}
