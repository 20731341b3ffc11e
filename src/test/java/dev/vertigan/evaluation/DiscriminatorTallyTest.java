package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Metric;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// D against the best on two Gaussians on the line, of which G makes one alone.
class DiscriminatorTallyTest {

    private static final double[][] CENTRES = {{-2}, {2}};
    private static final int COUNT = 40_000;

    private final Random random = new Random(1);

    /// Cross-entropy's, or the same up to a constant.
    private record Best(boolean upToConstant) implements DiscriminatorTally.Best {

        @Override
        public double logit(double data, double generated) {
            return Math.clamp(Math.log(data / generated), -60, 60);
        }

        @Override
        public double score(double logit) {
            return 1 / (1 + Math.exp(-logit));
        }

        @Override
        public double loss(double[] data, double... generated) {
            double sum = 0;
            for (int i = 0; i < data.length; i++) {
                sum -= data[i] * Math.log(data[i] / (data[i] + generated[i]));
                sum -= generated[i] == 0 ? 0 : generated[i] * Math.log(generated[i] / (data[i] + generated[i]));
            }
            return sum;
        }
    }

    private static double density(double x, double centre) {
        return Math.exp(-(x - centre) * (x - centre) / 0.5) / Math.sqrt(0.5 * Math.PI);
    }

    private interface D {

        double logit(double x);
    }

    private Map<Metric, Double> figures(D discriminator, boolean upToConstant) {
        var tally = new DiscriminatorTally(CENTRES, 0.5, new Best(upToConstant));
        for (boolean real : new boolean[] {true, false}) {
            float[] samples = new float[COUNT];
            float[] logits = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                samples[i] = (float) ((real && i % 2 == 0 ? -2 : 2) + 0.5 * random.nextGaussian());
                logits[i] = (float) discriminator.logit(samples[i]);
            }
            tally.add(samples, logits, real);
        }
        return tally.figures();
    }

    private static double best(double x) {
        return Math.log((density(x, -2) + density(x, 2)) / 2 / density(x, 2));
    }

    /// The histogram is not the density, so a little is left.
    @Test
    void theBestIsNextToItself() {
        var figures = figures(DiscriminatorTallyTest::best, false);
        assertTrue(figures.get(Metric.GAP_TO_BEST) < 0.02, figures.toString());
        // JSD of ½, ½ and 0, 1: log 2 − ½ · (3/2 log 3/2 + ½ log 1 …): by plain arithmetic over two cells.
        double divergence = 0.5 * (0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75) + Math.log(1 / 0.75));
        assertEquals(Math.log(4) - 2 * divergence, figures.get(Metric.LOSS_D_BEST), 0.02);
    }

    @Test
    void whoTellsNothingApartIsFarFromIt() {
        // D* is ½ of the mass at 2 … : |½ − 1/3| where G is, |½ − 1| where it is not: ¾ · 1/6 + ¼ · ½ = ¼.
        assertEquals(0.25, figures(_ -> 0, false).get(Metric.GAP_TO_BEST), 0.02);
    }

    @Test
    void aConstantCountsOnlyWhereItMatters() {
        assertTrue(figures(x -> best(x) + 3, true).get(Metric.GAP_TO_BEST) < 0.03);
        assertTrue(figures(x -> best(x) + 3, false).get(Metric.GAP_TO_BEST) > 0.2);
    }

    @Test
    void withoutKnownCellsThereIsNothing() {
        assertEquals(Map.of(), new DiscriminatorTally(new double[][] {{0, 0}, {1, 0}}, 0.5, new Best(false)).figures());
    }
}
