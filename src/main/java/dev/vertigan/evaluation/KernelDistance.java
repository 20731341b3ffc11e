package dev.vertigan.evaluation;

import java.util.Arrays;
import java.util.List;

/// Kernel distance: the squared maximum mean discrepancy under the kernel (xᵀy/d + 1)³, whose estimate here is unbiased, so that it may be a
/// little below 0 (Bińkowski et al. 2018, sections 3 and 4; equation 4).
final class KernelDistance {

    private static final int BLOCK = 1000; // vectors of each kind compared at once, as there; a mean of unbiased estimates is one

    private KernelDistance() {}

    /// @param a `[n][d]`, two vectors or more; b as many
    static double of(List<double[]> a, List<double[]> b, Patience patience) {
        int blocks = Math.ceilDiv(a.size(), BLOCK);
        double sum = 0;
        for (int block = 0; block < blocks; block++) {
            int from = (int) ((long) block * a.size() / blocks);
            int to = (int) ((long) (block + 1) * a.size() / blocks);
            sum += ofAll(a.subList(from, to), b.subList(from, to), patience);
        }
        return sum / blocks;
    }

    private static double ofAll(List<double[]> a, List<double[]> b, Patience patience) {
        double n = a.size();
        double[] normsA = norms(a);
        double[] normsB = norms(b);
        double among = sum(a, normsA, a, normsA, false, patience) + sum(b, normsB, b, normsB, false, patience);
        return among / (n * (n - 1)) - 2 * sum(a, normsA, b, normsB, true, patience) / (n * n);
    }

    private static double[] norms(List<double[]> rows) {
        return rows.stream().mapToDouble(row -> Arrays.stream(row).map(value -> value * value).sum()).toArray();
    }

    /// Of the kernel between each pair, as xᵀy = (‖x‖² + ‖y‖² − ‖x − y‖²)/2.
    ///
    /// @param own whether vectors of the same place are a pair
    private static double sum(List<double[]> a, double[] normsA, List<double[]> b, double[] normsB, boolean own, Patience patience) {
        var cloud = Cloud.of(a);
        double[] sum = new double[1];
        cloud.squaredDistances(b, patience, (j, squares) -> {
            for (int i = 0; i < squares.length; i++) {
                sum[0] += own || i != j ? kernel((normsA[i] + normsB[j] - squares[i]) / 2, cloud.dimensions()) : 0;
            }
        });
        return sum[0];
    }

    private static double kernel(double product, int dimensions) {
        double base = product / dimensions + 1;
        return base * base * base;
    }
}
