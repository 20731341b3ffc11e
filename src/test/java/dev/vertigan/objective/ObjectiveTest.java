package dev.vertigan.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveTest {

    private static final double[] REALS = {-7.5, -1, -1e-3, 0.7, 5};
    private static final double[] FAKES = {-3, 1e-2, 0.3, 1.7, -0.4};
    private static final int BATCH = 8; // of which these are a part
    private static final double H = 1e-5;

    private static final Kernels KERNELS = new Nd4jKernels(ElementType.FLOAT64, 1);

    /// What an objective makes of logits.
    private record Outcome(double loss, double[] realSlopes, double[] fakeSlopes) {}

    private static Outcome judge(Choice.Objective objective, double label, double[] reals, double[] fakes) {
        var slopes = new Tensor[] {KERNELS.allocate(reals.length, 1), KERNELS.allocate(reals.length, 1)};
        var sums = KERNELS.sums(2);
        new MinibatchObjective(Objective.of(objective), KERNELS, reals.length).judge(logits(reals), logits(fakes), label, BATCH, slopes[0], slopes[1],
                sums, 1);
        return new Outcome(sums.get(1), KERNELS.read(slopes[0]).get(), KERNELS.read(slopes[1]).get());
    }

    private static Outcome critique(Choice.Objective objective, double[] reals, double[] fakes) {
        var slopes = KERNELS.allocate(reals.length, 1);
        var sums = KERNELS.sums(2);
        new MinibatchObjective(Objective.of(objective), KERNELS, reals.length).critique(logits(reals), logits(fakes), BATCH, slopes, sums, 1);
        return new Outcome(sums.get(1), new double[0], KERNELS.read(slopes).get());
    }

    private static Tensor logits(double[] values) {
        var tensor = KERNELS.allocate(values.length, 1);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    private static double[] moved(double[] values, int at, double by) {
        var moved = values.clone();
        moved[at] += by;
        return moved;
    }

    @ParameterizedTest
    @EnumSource
    void slopesAreTheDerivativesOfTheLosses(Choice.Objective objective) {
        for (double label : new double[] {1, 0.9}) {
            var found = judge(objective, label, REALS, FAKES);
            for (int i = 0; i < REALS.length; i++) {
                double real = judge(objective, label, moved(REALS, i, H), FAKES).loss - judge(objective, label, moved(REALS, i, -H), FAKES).loss;
                assertEquals(real / (2 * H), found.realSlopes[i], 1e-8, "real " + i);
                double fake = judge(objective, label, REALS, moved(FAKES, i, H)).loss - judge(objective, label, REALS, moved(FAKES, i, -H)).loss;
                assertEquals(fake / (2 * H), found.fakeSlopes[i], 1e-8, "fake " + i);
            }
        }
        var found = critique(objective, REALS, FAKES);
        for (int i = 0; i < FAKES.length; i++) {
            double fake = critique(objective, REALS, moved(FAKES, i, H)).loss - critique(objective, REALS, moved(FAKES, i, -H)).loss;
            assertEquals(fake / (2 * H), found.fakeSlopes[i], 1e-8, "G's, of fake " + i);
        }
    }

    @Test
    void lossesAreThoseOfThePaper() {
        for (double label : new double[] {1, 0.9}) {
            double expected = sum(REALS, a -> -label * Math.log(sigma(a)) - (1 - label) * Math.log(1 - sigma(a)))
                    + sum(FAKES, a -> -Math.log(1 - sigma(a)));
            assertEquals(expected / BATCH, judge(Choice.Objective.MINIMAX, label, REALS, FAKES).loss, 1e-12);
            assertEquals(expected / BATCH, judge(Choice.Objective.NON_SATURATING, label, REALS, FAKES).loss, 1e-12);
        }
        assertEquals(sum(FAKES, a -> Math.log(1 - sigma(a))) / BATCH, critique(Choice.Objective.MINIMAX, REALS, FAKES).loss, 1e-12);
        assertEquals(sum(FAKES, a -> -Math.log(sigma(a))) / BATCH, critique(Choice.Objective.NON_SATURATING, REALS, FAKES).loss, 1e-12);
    }

    @Test
    void maximumLikelihoodsSlopesAreMinusOddsUpToABound() {
        assertLosses(Choice.Objective.MAXIMUM_LIKELIHOOD,
                judge(Choice.Objective.MINIMAX, 0.9, REALS, FAKES).loss * BATCH, -sum(FAKES, Math::exp));
        double[] fakes = {12, 9, 30, -3, 10.5};
        var found = critique(Choice.Objective.MAXIMUM_LIKELIHOOD, REALS, fakes);
        for (int i = 0; i < fakes.length; i++) {
            assertEquals(-Math.exp(Math.min(10, fakes[i])) / BATCH, found.fakeSlopes[i], 1e-9);
        }
        var sums = KERNELS.sums(1);
        new MinibatchObjective(Objective.of(Choice.Objective.MAXIMUM_LIKELIHOOD), KERNELS, fakes.length).boundedShare(logits(fakes), BATCH, sums, 0);
        assertEquals(3.0 / BATCH, sums.get(0), 1e-12);
    }

    @Test
    void lossesOfTheOthersAreThoseOfTheirs() {
        assertLosses(Choice.Objective.LEAST_SQUARES, sum(REALS, a -> (a - 0.9) * (a - 0.9) / 2) + sum(FAKES, a -> a * a / 2),
                sum(FAKES, a -> (a - 1) * (a - 1) / 2));
        assertLosses(Choice.Objective.WASSERSTEIN, sum(FAKES, a -> a) - sum(REALS, a -> a), -sum(FAKES, a -> a));
        assertLosses(Choice.Objective.HINGE, sum(REALS, a -> Math.max(0, 1 - a)) + sum(FAKES, a -> Math.max(0, 1 + a)), -sum(FAKES, a -> a));
        double judged = 0;
        double criticised = 0;
        for (int i = 0; i < REALS.length; i++) {
            judged -= Math.log(sigma(REALS[i] - FAKES[i]));
            criticised -= Math.log(sigma(FAKES[i] - REALS[i]));
        }
        assertLosses(Choice.Objective.RELATIVISTIC, judged, criticised);
        double real = sum(REALS, a -> a) / REALS.length;
        double fake = sum(FAKES, a -> a) / FAKES.length;
        assertLosses(Choice.Objective.RELATIVISTIC_AVERAGE, sum(REALS, a -> -Math.log(sigma(a - fake))) + sum(FAKES, a -> -Math.log(sigma(real - a))),
                sum(FAKES, a -> -Math.log(sigma(a - real))) + sum(REALS, a -> -Math.log(sigma(fake - a))));
    }

    private static void assertLosses(Choice.Objective objective, double ofD, double ofG) {
        assertEquals(ofD / BATCH, judge(objective, 0.9, REALS, FAKES).loss, 1e-12, objective + ", D");
        assertEquals(ofG / BATCH, critique(objective, REALS, FAKES).loss, 1e-12, objective + ", G");
    }

    private static double sum(double[] logits, DoubleUnaryOperator of) {
        return Arrays.stream(logits).map(of).sum();
    }

    private static double sigma(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    @ParameterizedTest
    @EnumSource
    void whereSlopesHaveARatioItIsThatOfGsToDs(Choice.Objective objective) {
        Objective.of(objective).ratio().ifPresent(ratio -> {
            var factors = KERNELS.allocate(FAKES.length, 1);
            KERNELS.loss(logits(FAKES), ratio, 1, factors, KERNELS.sums(1), 0);
            var ofD = judge(objective, 1, REALS, FAKES).fakeSlopes;
            var ofG = critique(objective, REALS, FAKES).fakeSlopes;
            for (int i = 0; i < FAKES.length; i++) {
                assertEquals(ofG[i], factors.get(i) * ofD[i], 1e-12);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e300, -1e4, -800, 800, 1e4, 1e300})
    void extremeLogitsNeverOverflow(double a) {
        for (var objective : new Choice.Objective[] {Choice.Objective.MINIMAX, Choice.Objective.NON_SATURATING}) {
            for (var outcome : new Outcome[] {judge(objective, 1, new double[] {a}, new double[] {a}),
                critique(objective, new double[] {a}, new double[] {a})}) {
                assertTrue(Double.isFinite(outcome.loss));
                assertTrue(Math.abs(outcome.fakeSlopes[0]) <= 1);
                assertTrue(Arrays.stream(outcome.realSlopes).allMatch(slope -> Math.abs(slope) <= 1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void notANumberIsNotHidden(Choice.Objective objective) {
        double[] spoilt = {Double.NaN, 0, 0, 0, 0};
        assertTrue(Double.isNaN(judge(objective, 1, spoilt, FAKES).loss));
        assertTrue(Double.isNaN(judge(objective, 1, REALS, spoilt).loss));
        assertTrue(Double.isNaN(critique(objective, REALS, spoilt).loss));
    }

    @Test
    void scoresAreMeansOfProbabilities() {
        var sums = KERNELS.sums(1);
        new MinibatchObjective(Objective.of(Choice.Objective.MINIMAX), KERNELS, FAKES.length).score(logits(FAKES), BATCH, sums, 0);
        assertEquals(sum(FAKES, ObjectiveTest::sigma) / BATCH, sums.get(0), 1e-12);
    }
}
