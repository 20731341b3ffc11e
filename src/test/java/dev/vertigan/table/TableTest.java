package dev.vertigan.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    @Test
    void whatIsDeclaredIsWhole() {
        for (String name : TableSpec.NAMES) {
            var table = TableSpec.of(name);
            assertTrue(table.rows().stream().allMatch(row -> ConfigLoader.PRESETS.contains(row.preset()) && row.steps() > 0), name);
            assertTrue(table.published().stream().allMatch(row -> table.figures().containsAll(row.figures().keySet())), name);
        }
    }

    /// Of 1, 2 and 6: mean 3, deviation √7.
    @Test
    void aSummaryIsPlainArithmetic() {
        var summary = Summary.of(List.of(6.0, 1.0, 2.0));
        assertEquals(new Summary(3, 3, Math.sqrt(7.0 / 3), 2, 1, 6), summary);
        assertEquals(1.5, Summary.of(List.of(2.0, 1.0)).median());
        assertTrue(Double.isNaN(Summary.of(List.of(2.0)).standardError()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theNearestIsTheNearest(int features) {
        var random = new Random(features);
        float[] rows = normal(random, 600 * features); // more than are looked at at once
        float[] candidates = normal(random, 37 * features);
        try (var kernels = Backend.open(new RunConfig.Compute(1, Choice.Kernels.AUTO, Choice.Precision.FLOAT32))) {
            int[] expected = new int[600];
            for (int i = 0; i < expected.length; i++) {
                for (int j = 1; j < 37; j++) {
                    expected[i] = distance(rows, i, candidates, j, features) < distance(rows, i, candidates, expected[i], features) ? j : expected[i];
                }
            }
            assertArrayEquals(expected, new Baselines(kernels, features).nearest(rows, candidates));
        }
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double distance(float[] a, int i, float[] b, int j, int features) {
        double sum = 0;
        for (int f = 0; f < features; f++) {
            sum += Math.pow(a[i * features + f] - b[j * features + f], 2);
        }
        return sum;
    }

    @Test
    void centroidsOfClustersAreTheirMeans() {
        try (var kernels = Backend.open(new RunConfig.Compute(1, Choice.Kernels.AUTO, Choice.Precision.FLOAT32))) {
            assertArrayEquals(new float[] {1, -10}, new Baselines(kernels, 1).centroids(2, 0, -9, 1, 2, -11, -10, 1), 1e-6f);
        }
    }

    @Test
    void columnsWithoutAnythingAreLeftOut() {
        assertEquals(List.of("| a | c |", "|---|---|", "| 1 | 2\\|3 |"), TableText.table(List.of(List.of("a", "b", "c"), List.of("1", "", "2|3"))));
    }
}
