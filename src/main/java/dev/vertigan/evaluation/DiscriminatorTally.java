package dev.vertigan.evaluation;

import dev.vertigan.data.Pushforward;
import dev.vertigan.values.Metric;
import java.util.Map;
import java.util.Optional;

/// D held against the best there could be against the same G, over the cells of a mixture: the densities that the best is made of are the cells'
/// probabilities and the histogram of the fakes.
public final class DiscriminatorTally {

    private final MixtureCells parts;
    private final Best best;
    private final int dimensions;
    private final double[] logits; // sums in each cell, over reals and fakes
    private final long[] seen;
    private final long[] fakes;
    private Optional<double[]> exact = Optional.empty(); // the fakes' probabilities

    /// The best D of an objective.
    public interface Best {

        /// What it answers where data and fakes have these densities.
        double logit(double data, double generated);

        /// Whether only differences of logits count.
        boolean upToConstant();

        /// What people read of a logit.
        double score(double logit);

        /// Its loss over cells of these probabilities.
        double loss(double[] data, double... generated);
    }

    /// @param centres `[modes][dimensions]`
    /// @param deviation of each component, the noise included that both kinds are seen through
    public DiscriminatorTally(double[][] centres, double deviation, Best best) {
        parts = new MixtureCells(centres, deviation);
        this.best = best;
        dimensions = centres[0].length;
        logits = new double[parts.count()];
        seen = new long[parts.count()];
        fakes = new long[parts.count()];
    }

    /// @param samples `[n, dimensions]`, as D sees them
    /// @param answers D's logits, `[n]`
    /// @param real whether they are reals
    public void add(float[] samples, float[] answers, boolean real) {
        double[] x = new double[dimensions];
        for (int i = 0; i < answers.length; i++) {
            for (int k = 0; k < dimensions; k++) {
                x[k] = samples[i * dimensions + k];
            }
            int cell = parts.of(parts.nearest(x), x);
            logits[cell] += answers[i];
            seen[cell]++;
            fakes[cell] += real ? 0 : 1;
        }
    }

    /// Takes what the fakes' distribution is, where that is known.
    public void exactly(Pushforward generated) {
        exact = parts.probabilities(generated);
    }

    /// Nothing where the cells' probabilities are not known.
    public Map<Metric, Double> figures() {
        if (!parts.known()) {
            return Map.of();
        }
        double[] p = parts.probabilities();
        double[] q = exact.orElseGet(() -> Divergence.shares(fakes));
        double constant = best.upToConstant() ? constant(p, q) : 0;
        double gap = 0;
        double weights = 0;
        for (int i = 0; i < p.length; i++) {
            if (seen[i] > 0) {
                double weight = (p[i] + q[i]) / 2;
                gap += weight * Math.abs(best.score(logits[i] / seen[i] - constant) - best.score(best.logit(p[i], q[i])));
                weights += weight;
            }
        }
        return Map.of(Metric.GAP_TO_BEST, gap / weights, Metric.LOSS_D_BEST, best.loss(p, q));
    }

    /// By how much D's logits are above the best ones, on average.
    private double constant(double[] p, double... q) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < p.length; i++) {
            if (seen[i] > 0 && p[i] > 0 && q[i] > 0) {
                double weight = (p[i] + q[i]) / 2;
                sum += weight * (logits[i] / seen[i] - best.logit(p[i], q[i]));
                weights += weight;
            }
        }
        return weights == 0 ? 0 : sum / weights;
    }
}
