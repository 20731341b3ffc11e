package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.data.Mixture;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Pushforward;
import dev.vertigan.values.Metric;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Figures of fixed samples against those that NumPy 2.4.6 and SciPy 1.17.1 gave for them, written as numbers; and what must hold whatever the
/// samples are.
class FiguresTest {

    private static final double CLOSE = 1e-6;

    private static void assertFigures(Map<Metric, Double> expected, Map<Metric, Double> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((metric, value) -> assertEquals(value, found.get(metric), CLOSE, metric.column()));
    }

    /// @param densities KL, forward KL and JSD of the density, then their floors
    private static Map<Metric, Double> mixture(double modes, double quality, double spread, double aboutCentre, double modeKl, double... densities) {
        var figures = new EnumMap<Metric, Double>(Map.of(Metric.MODES, modes, Metric.HIGH_QUALITY, quality, Metric.SPREAD, spread,
                Metric.SPREAD_CENTRE, aboutCentre, Metric.MODE_KL, modeKl));
        var columns = List.of(Metric.DENSITY_KL, Metric.FORWARD_KL, Metric.DENSITY_JSD, Metric.DENSITY_KL_FLOOR, Metric.FORWARD_KL_FLOOR,
                Metric.DENSITY_JSD_FLOOR);
        for (int i = 0; i < columns.size(); i++) {
            figures.put(columns.get(i), densities[i]);
        }
        return figures;
    }

    @Test
    void ofAMixtureOnTheLine() {
        var tally = new MixtureTally(new double[][] {{-2}, {2}}, 0.5);
        float[] samples = new float[2000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) ((i % 3 == 0 ? -2 : 2) + 2.5 * Math.sin(0.7 * i) * Math.cos(0.01 * i) + 0.1);
        }
        tally.add(samples);
        assertFigures(mixture(2, 0.716, 1.566166426926487, 1.5707121244182132, 0.049171903489173524, 1.6951276844821823, 0.6299524972312294,
                0.17594652955500673, 0.018722961110300983, 0.01772357954324421, 0.004858991324515098), tally.figures());
    }

    /// A generator that is the mixture's only component: what is left of a divergence is the edge of float32. Half as wide, the KL is known.
    @Test
    void ofADistributionThatIsKnownExactly() {
        var tally = new MixtureTally(new double[][] {{3}}, 0.5);
        tally.add(new float[] {3, 3.1f});
        tally.exactly(normal(3, 0.5f));
        var perfect = tally.figures();
        assertEquals(0, perfect.get(Metric.DENSITY_KL), 1e-6);
        assertEquals(0, perfect.get(Metric.DENSITY_JSD), 1e-6);
        assertFalse(perfect.containsKey(Metric.DENSITY_KL_FLOOR), "nothing is sampled");
        tally.exactly(normal(3, 0.25f));
        assertEquals(Math.log(2) + 0.25 / 2 - 0.5, tally.figures().get(Metric.DENSITY_KL), 2e-3, "over bins of a tenth of a deviation");
    }

    private static Pushforward normal(float mean, float deviation) {
        return Pushforward.of(new RunConfig.Latent(1, Choice.Distribution.NORMAL), z -> {
            float[] x = new float[z.length];
            for (int i = 0; i < z.length; i++) {
                x[i] = mean + deviation * z[i];
            }
            return x;
        }).orElseThrow();
    }

    @Test
    void ofAMixtureInThePlane() {
        double[][] centres = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
        var tally = new MixtureTally(centres, 0.1);
        for (int i = 0; i < 2000; i++) {
            double[] centre = centres[i % 5 == 0 ? 0 : i % 3];
            double far = i % 7 == 0 ? 3 : 1;
            tally.add(new float[] {(float) (centre[0] + far * (0.12 * Math.sin(1.1 * i) + 0.02)),
                (float) (centre[1] + far * 0.15 * Math.cos(2.3 * i) * Math.sin(0.1 * i))});
        }
        assertFigures(mixture(3, 0.912, 0.8540239861082566, 0.8625506150567419, 0.32559957631566383, 0.392273671170197,
                0.9055201602588783, 0.11810110127056367, 0.015838179150918695, 0.015668971370266464, 0.00398651416185855), tally.figures());
    }

    @Test
    void ofTheFrechetDistance() {
        double[][] a = new double[40][3];
        double[][] b = new double[40][3];
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 3; j++) {
                a[i][j] = Math.sin(i + 2 * j + 0.1 * i * j) * (1 + j / 4.0);
                b[i][j] = Math.cos(1.3 * i - j * j) + j / 10.0;
            }
        }
        var first = Moments.of(a);
        var second = Moments.of(b);
        assertEquals(0.0005258825147569618, first.mean()[1], CLOSE);
        assertEquals(0.008442818086331495, first.covariance()[0][2], CLOSE);
        assertEquals(0.9490070339754689, first.frechet(second), CLOSE);
        assertEquals(first.frechet(second), second.frechet(first), CLOSE, "either way");
        assertEquals(0, first.frechet(first), CLOSE, "from itself");
    }

    /// Of Gaussians along the axes it is the sum over coordinates of (μ₁ − μ₂)² + (σ₁ − σ₂)².
    @Test
    void theFrechetDistanceOfAlignedGaussiansIsTheirFormula() {
        var a = new Moments(new double[] {1, -2}, new double[][] {{4, 0}, {0, 9}});
        var b = new Moments(new double[] {0, 0}, new double[][] {{1, 0}, {0, 0}});
        assertEquals(1 + 4 + 1 + 9, a.frechet(b), 1e-12, "also where one has no width at all");
    }

    @Test
    void ofDivergences() {
        assertEquals(0.17607031692316616, Divergence.jensenShannon(new long[] {3, 0, 5, 2}, 1, 4, 4, 1), CLOSE);
        assertEquals(Math.log(2), Divergence.jensenShannon(new long[] {1, 0}, 0, 1), CLOSE, "nothing in common");
        assertEquals(Math.log(8), Divergence.klToUniform(0, 0, 5, 0, 0, 0, 0, 0), CLOSE, "one mode of eight");
    }

    /// The ceilings that perfect samples have by this protocol: 1 − e^(−4.5) within three standard deviations.
    @Test
    void realSamplesReachWhatTheyMust() {
        var ring = Mixture.ring(8, 1, 0.01, 100_000);
        var real = Evaluation.ofPoints(ring, Optional.of(ring), 20_000).real();
        assertEquals(8, real.get(Metric.MODES));
        assertEquals(1 - Math.exp(-4.5), real.get(Metric.HIGH_QUALITY), 0.003);
        assertEquals(0.97, real.get(Metric.SPREAD), 0.01);
        assertTrue(real.get(Metric.MODE_KL) < 0.001, "floor (8 − 1)/2n");
        assertEquals(127 / 40_000.0, real.get(Metric.DENSITY_KL_FLOOR), 1e-5, "(cells − 1)/2n");
        for (var floor : Map.of(Metric.DENSITY_KL, Metric.DENSITY_KL_FLOOR, Metric.FORWARD_KL, Metric.FORWARD_KL_FLOOR, Metric.DENSITY_JSD,
                Metric.DENSITY_JSD_FLOOR).entrySet()) {
            assertEquals(1, real.get(floor.getKey()) / real.get(floor.getValue()), 0.5, floor.getKey().column());
        }
        var line = Mixture.gaussian(2, 4, 0.5, 100_000);
        assertEquals(0.0017, Evaluation.ofPoints(line, Optional.of(line), 20_000).real().get(Metric.DENSITY_KL), 0.0008);
    }

    @Test
    void aLostModeIsSeen() {
        var centres = Mixture.ring(8, 1, 0.01, 1).modes().centres();
        var tally = new MixtureTally(centres, 0.01);
        float[] samples = new float[2 * 700];
        for (int i = 0; i < 700; i++) {
            samples[2 * i] = (float) centres[i % 7][0];
            samples[2 * i + 1] = (float) centres[i % 7][1];
        }
        tally.add(samples);
        assertEquals(7, tally.figures().get(Metric.MODES));
        assertEquals(Math.log(8 / 7.0), tally.figures().get(Metric.MODE_KL), CLOSE);
        assertEquals(0, tally.figures().get(Metric.SPREAD), CLOSE, "points have no width");
    }

    /// Components that overlap have no cells of known probability in the plane.
    @Test
    void whatCannotBeKnownIsAbsent() {
        var tally = new MixtureTally(new double[][] {{0, 0}, {1, 0}}, 0.5);
        tally.add(new float[] {0, 0, 1, 0});
        assertFalse(tally.figures().containsKey(Metric.DENSITY_KL));
    }

    /// Whether an infinity or a NaN comes, the tally stands.
    @Test
    void whatIsNotFiniteIsOfNoQuality() {
        for (int dimensions = 1; dimensions <= 2; dimensions++) {
            var tally = new MixtureTally(new double[2][dimensions], 0.5);
            float[] samples = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0};
            tally.add(Arrays.copyOf(samples, 4));
            assertTrue(tally.figures().get(Metric.HIGH_QUALITY) <= 0.25);
        }
    }
}
