package dev.vertigan.evaluation;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.math3.distribution.BinomialDistribution;

/// Divergences between finite distributions, in nats.
final class Divergence {

    private Divergence() {}

    /// The shares of a histogram's cells.
    static double[] shares(long... counts) {
        double total = Arrays.stream(counts).sum();
        return Arrays.stream(counts).mapToDouble(count -> count / total).toArray();
    }

    /// A divergence of q from p over cells.
    ///
    /// @param term what a cell adds, of its q and its p
    static double sum(double[] q, double[] p, DoubleBinaryOperator term) {
        double sum = 0;
        for (int i = 0; i < q.length; i++) {
            sum += term.applyAsDouble(q[i], p[i]);
        }
        return sum;
    }

    /// `KL(q‖p) = Σ q log(q/p)` of the histogram q of counts; a cell without counts adds nothing.
    ///
    /// @param p probabilities of the cells, positive where there are counts
    static double kl(long[] counts, double... p) {
        return sum(shares(counts), p, Divergence::klTerm);
    }

    /// Against equally likely cells.
    static double klToUniform(long... counts) {
        double[] p = new double[counts.length];
        Arrays.fill(p, 1.0 / counts.length);
        return kl(counts, p);
    }

    /// Jensen–Shannon divergence of two histograms, at most log 2.
    static double jensenShannon(long[] a, long... b) {
        return sum(shares(a), shares(b), Divergence::jensenShannonTerm);
    }

    /// What a cell adds to `KL(q‖p)`.
    static double klTerm(double q, double p) {
        return q == 0 ? 0 : q * Math.log(q / p);
    }

    /// What a cell adds to `KL(p‖q)`, half a sample added to q in each cell (Krichevsky & Trofimov 1981): without it, any cell that has none would
    /// make it infinite.
    static DoubleBinaryOperator forwardTerm(long samples, int cells) {
        return (q, p) -> p == 0 ? 0 : p * Math.log(p * (samples + cells / 2.0) / (q * samples + 0.5));
    }

    /// What a cell adds to the Jensen–Shannon divergence.
    static double jensenShannonTerm(double q, double p) {
        double middle = (q + p) / 2;
        return (klTerm(q, middle) + klTerm(p, middle)) / 2;
    }

    /// What a divergence of a histogram of n perfect samples comes to on average: its floor. Exact, as the count in a cell is binomial.
    ///
    /// @param term what a cell adds, of its share q and its probability p
    static double floor(long n, double[] p, DoubleBinaryOperator term) {
        double sum = 0;
        for (double share : Arrays.stream(p).distinct().toArray()) {
            double cells = Arrays.stream(p).filter(other -> other == share).count();
            sum += cells * expectation(n, share, term);
        }
        return sum;
    }

    private static double expectation(long n, double p, DoubleBinaryOperator term) {
        var counts = new BinomialDistribution(null, Math.toIntExact(n), p);
        double reach = 10 * Math.sqrt(n * p) + 30; // counts beyond have no probability to speak of
        double sum = 0;
        for (int k = (int) Math.max(0, n * p - reach); k <= Math.min(n, n * p + reach); k++) {
            sum += counts.probability(k) * term.applyAsDouble(k / (double) n, p);
        }
        return sum;
    }
}
