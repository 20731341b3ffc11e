package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset.Kind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixtureTest {

    private static final int MANY = 50_000;

    @Test
    void centresAreWhereTheyShouldBe() {
        assertArrayEquals(new double[][] {{0}}, Mixture.gaussian(1, 3, 1, 10).modes().centres());
        assertArrayEquals(new double[][] {{-3}, {0}, {3}}, Mixture.gaussian(3, 3, 1, 10).modes().centres());
        var grid = new HashSet<List<Double>>();
        for (double[] centre : Mixture.grid(25, 2, 0.05, 10).modes().centres()) {
            grid.add(List.of(centre[0], centre[1]));
        }
        var expected = new HashSet<List<Double>>();
        for (double x = -4; x <= 4; x += 2) {
            for (double y = -4; y <= 4; y += 2) {
                expected.add(List.of(x, y));
            }
        }
        assertEquals(expected, grid);
    }

    @Test
    void aRingOfEightHasEightModes() {
        double[][] centres = Mixture.ring(8, 2, 0.01, 10).modes().centres();
        assertArrayEquals(new double[] {2, 0}, centres[0], 1e-12);
        assertArrayEquals(new double[] {0, 2}, centres[2], 1e-12);
        for (int i = 0; i < 8; i++) {
            double[] next = centres[(i + 1) % 8];
            assertEquals(2, Math.hypot(centres[i][0], centres[i][1]), 1e-12);
            assertEquals(4 * Math.sin(Math.PI / 8), Math.hypot(centres[i][0] - next[0], centres[i][1] - next[1]), 1e-12);
        }
    }

    @Test
    void componentsAreEquallyLikelyAndGaussianAboutTheirCentres() {
        for (var data : List.of(Mixture.gaussian(1, 1, 0.7, MANY), Mixture.gaussian(3, 4, 0.5, MANY), Mixture.ring(8, 1, 0.01, MANY),
                Mixture.grid(25, 2, 0.05, MANY))) {
            int classes = data.classes();
            int dimensions = data.features();
            long[] counts = new long[classes];
            double[] mean = new double[dimensions];
            double square = 0;
            double fourth = 0;
            float[] sample = new float[dimensions];
            for (int index = 0; index < MANY; index++) {
                data.read(index, sample, 0);
                int label = data.label(index);
                counts[label]++;
                for (int axis = 0; axis < dimensions; axis++) {
                    double z = (sample[axis] - data.modes().centres()[label][axis]) / data.modes().deviation();
                    mean[axis] += z / MANY;
                    square += z * z / MANY / dimensions;
                    fourth += z * z * z * z / MANY / dimensions;
                }
            }
            double expected = (double) MANY / classes;
            for (long count : counts) {
                assertEquals(expected, count, 5 * Math.sqrt(expected) + 1e-9, data.name() + Arrays.toString(counts));
            }
            for (double m : mean) {
                assertEquals(0, m, 5 / Math.sqrt(MANY), data.name());
            }
            assertEquals(1, square, 0.03, data.name());
            assertEquals(3, fourth, 0.3, data.name() + ": kurtosis of a normal");
        }
    }

    @Test
    void aPureFunctionOfTheIndex() {
        var a = Mixture.grid(25, 2, 0.05, 100);
        var b = Mixture.grid(25, 2, 0.05, 1L << 60);
        float[] x = new float[2];
        float[] y = new float[4];
        for (int index = 99; index >= 0; index--) {
            a.read(index, x, 0);
            b.read(index, y, 1);
            assertArrayEquals(x, Arrays.copyOfRange(y, 1, 3));
            assertEquals(a.label(index), b.label(index));
        }
        b.read((1L << 60) - 1, y, 0);
        a.heldOut(10).read(0, x, 0);
        a.read(0, y, 0);
        assertNotEquals(x[0], y[0], "held-out samples are others");
        assertThrows(IndexOutOfBoundsException.class, () -> a.read(100, x, 0));
    }

    @Test
    void describesItself() {
        assertEquals(Kind.POINTS_1D, Mixture.gaussian(2, 1, 1, 10).kind());
        assertEquals(Kind.POINTS_2D, Mixture.ring(8, 1, 1, 10).kind());
        assertArrayEquals(new int[] {1}, Mixture.gaussian(2, 1, 1, 10).shape());
        assertArrayEquals(new int[] {2}, Mixture.grid(4, 1, 1, 10).shape());
        assertEquals(8, Mixture.ring(8, 1, 1, 10).classes());
    }

    @Test
    void impossibleFiguresAreTheUsersToMend() {
        assertSays("25", () -> Mixture.grid(24, 2, 0.05, 100));
        assertSays("data.modes", () -> Mixture.ring(0, 1, 0.01, 100));
        assertSays("data.spread", () -> Mixture.ring(8, Double.NaN, 0.01, 100));
        assertSays("data.deviation", () -> Mixture.gaussian(1, 1, -1, 100));
        assertSays("data.size", () -> Mixture.gaussian(1, 1, 1, 0));
    }

    private static void assertSays(String expected, Runnable action) {
        String message = assertThrows(UserError.class, action::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
