package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice.Distribution;
import dev.vertigan.config.RunConfig;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

/// Maps of one number whose distributions are known.
class PushforwardTest {

    private static Pushforward of(Distribution distribution, DoubleUnaryOperator g) {
        return Pushforward.of(new RunConfig.Latent(1, distribution), z -> {
            float[] x = new float[z.length];
            for (int i = 0; i < z.length; i++) {
                x[i] = (float) g.applyAsDouble(z[i]);
            }
            return x;
        }).orElseThrow();
    }

    private static double below(double z) {
        return Erf.erfc(-z / Math.sqrt(2)) / 2;
    }

    /// Its derivative is the sum over both branches of z².
    private static double belowSquare(double x) {
        return x <= 0 ? 0 : Erf.erf(Math.sqrt(x / 2));
    }

    private static void assertDistributed(DoubleUnaryOperator below, Pushforward found, double error) {
        double[] edges = {-2, -0.5, 0, 0.25, 1, 1.5, 4};
        double[] p = found.probabilities(edges);
        double[] expected = new double[edges.length + 1];
        Arrays.setAll(expected, i -> (i < edges.length ? below.applyAsDouble(edges[i]) : 1) - (i > 0 ? below.applyAsDouble(edges[i - 1]) : 0));
        assertArrayEquals(expected, p, error, Arrays.toString(p));
        assertEquals(1, Arrays.stream(p).sum(), 1e-12);
    }

    @Test
    void straightOnesAreGaussians() {
        assertDistributed(x -> below((x - 1) / 2), of(Distribution.NORMAL, z -> 2 * z + 1), 1e-7);
        assertDistributed(x -> below((x - 1) / 2), of(Distribution.NORMAL, z -> 1 - 2 * z), 1e-7);
    }

    @Test
    void growingOnes() {
        assertDistributed(x -> below(Math.cbrt(x)), of(Distribution.NORMAL, z -> z * z * z), 1e-5);
        assertDistributed(x -> Math.clamp((Math.log(Math.max(x, 1e-9)) / Math.sqrt(3) + 1) / 2, 0, 1), of(Distribution.UNIFORM, Math::exp), 1e-6);
    }

    @Test
    void foldedOnesAddUpTheirBranches() {
        assertDistributed(PushforwardTest::belowSquare, of(Distribution.NORMAL, z -> z * z), 1e-5);
        assertDistributed(x -> Math.clamp(x / Math.sqrt(3), 0, 1), of(Distribution.UNIFORM, Math::abs), 1e-6);
    }

    /// z³ − z is −0.25 at three places, and below it left of the first and between the other two.
    @Test
    void threeBranches() {
        var cubic = of(Distribution.NORMAL, z -> z * z * z - z);
        assertEquals(below(-1.1071598716888) + below(0.8375654352833) - below(0.2695944364055), cubic.probabilities(-0.25)[0], 1e-5);
    }

    @Test
    void densitiesAreProbabilitiesOverLengths() {
        double[] places = new double[101];
        Arrays.setAll(places, i -> -1 + i * 0.03);
        double[] density = of(Distribution.UNIFORM, Math::abs).density(places);
        for (int i = 0; i < places.length; i++) {
            if (Math.abs(places[i]) > 0.015 && Math.abs(places[i] - Math.sqrt(3)) > 0.015) {
                assertEquals(places[i] > 0 && places[i] < Math.sqrt(3) ? 1 / Math.sqrt(3) : 0, density[i], 1e-4, "at " + places[i]);
            }
        }
    }

    @Test
    void whatIsAlwaysTheSameIsInOneCell() {
        assertArrayEquals(new double[] {0, 0, 1, 0}, of(Distribution.NORMAL, _ -> 1).probabilities(-1, 0, 2), 1e-12);
        assertArrayEquals(new double[] {0, 0, 1}, of(Distribution.NORMAL, _ -> 1).probabilities(0, 1), 1e-12, "an edge belongs to what is above");
    }

    @Test
    void latentsOfMoreNumbersHaveNone() {
        assertTrue(Pushforward.of(new RunConfig.Latent(2, Distribution.NORMAL), z -> z).equals(Optional.empty()));
    }
}
