package dev.vertigan.evaluation;

import java.util.Arrays;

/// Divergences between finite distributions, in nats.
final class Divergence {

    private Divergence() {}

    /// `KL(q‖p) = Σ q log(q/p)` of the histogram q of counts; a cell without counts adds nothing.
    ///
    /// @param p probabilities of the cells, positive where there are counts
    static double kl(long[] counts, double... p) {
        double total = Arrays.stream(counts).sum();
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                double q = counts[i] / total;
                sum += q * Math.log(q / p[i]);
            }
        }
        return sum;
    }

    /// Against equally likely cells.
    static double klToUniform(long... counts) {
        double[] p = new double[counts.length];
        Arrays.fill(p, 1.0 / counts.length);
        return kl(counts, p);
    }

    /// Jensen–Shannon divergence of two histograms, at most log 2.
    static double jensenShannon(long[] a, long... b) {
        double totalA = Arrays.stream(a).sum();
        double totalB = Arrays.stream(b).sum();
        double[] middle = new double[a.length];
        Arrays.setAll(middle, i -> (a[i] / totalA + b[i] / totalB) / 2);
        return (kl(a, middle) + kl(b, middle)) / 2;
    }
}
