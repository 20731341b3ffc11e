package dev.vertigan.table;

import dev.vertigan.tensor.Kernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// What can pass for samples and comes from no model. Rows are samples of `features` numbers; distances are Euclidean. Not thread-safe.
public final class Baselines {

    private static final int AT_ONCE = 512; // rows held against all others at a time
    private static final int ROUNDS = 5;

    private final Kernels kernels;
    private final int features;

    /// @param kernels of the host, float32
    public Baselines(Kernels kernels, int features) {
        this.kernels = kernels;
        this.features = features;
    }

    /// The nearest of `candidates` for each of `rows`.
    ///
    /// @param rows `[n, features]`
    /// @param candidates `[m, features]`
    /// @return `[n]`, indices of candidates
    int[] nearest(float[] rows, float... candidates) {
        int n = rows.length / features;
        int m = candidates.length / features;
        var nearest = new int[n];
        var these = kernels.allocate(AT_ONCE, features);
        var those = kernels.allocate(m, features);
        those.set(0, candidates.clone(), candidates.length, 1);
        var products = kernels.allocate(AT_ONCE, m);
        float[] halves = new float[m]; // ‖c‖² / 2
        for (int j = 0; j < m; j++) {
            for (int f = 0; f < features; f++) {
                halves[j] += candidates[j * features + f] * candidates[j * features + f] / 2;
            }
        }
        float[] row = new float[m];
        for (int done = 0; done < n; done += AT_ONCE) {
            int count = Math.min(AT_ONCE, n - done);
            these.set(0, Arrays.copyOfRange(rows, done * features, (done + count) * features), count * features, 1);
            kernels.matmul(these, false, those, true, products, false);
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(products.segment(), ValueLayout.JAVA_FLOAT, (long) i * m * Float.BYTES, row, 0, m);
                nearest[done + i] = least(row, halves);
            }
        }
        return nearest;
    }

    /// Where ‖c‖²/2 − x·c is least, and with it ‖x − c‖².
    private static int least(float[] products, float... halves) {
        int nearest = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int j = 0; j < halves.length; j++) {
            float distance = halves[j] - products[j];
            if (distance < least) {
                least = distance;
                nearest = j;
            }
        }
        return nearest;
    }

    /// Of each row the candidate that is nearest to it, `[n, features]`.
    public float[] nearestOf(float[] rows, float... candidates) {
        int[] nearest = nearest(rows, candidates);
        var found = new float[rows.length];
        for (int i = 0; i < nearest.length; i++) {
            System.arraycopy(candidates, nearest[i] * features, found, i * features, features);
        }
        return found;
    }

    /// `count` centroids of rows by five rounds of Lloyd's algorithm, which begins with the first rows; one that no row is near stays.
    ///
    /// @param rows `[n, features]` in random order, at least `count`
    /// @return `[count, features]`
    public float[] centroids(int count, float... rows) {
        float[] centroids = Arrays.copyOf(rows, count * features);
        for (int round = 0; round < ROUNDS; round++) {
            int[] nearest = nearest(rows, centroids);
            double[] sums = new double[centroids.length];
            long[] members = new long[count];
            for (int i = 0; i < nearest.length; i++) {
                members[nearest[i]]++;
                for (int f = 0; f < features; f++) {
                    sums[nearest[i] * features + f] += rows[i * features + f];
                }
            }
            for (int i = 0; i < centroids.length; i++) {
                if (members[i / features] > 0) {
                    centroids[i] = (float) (sums[i] / members[i / features]);
                }
            }
        }
        return centroids;
    }
}
