package dev.vertigan.evaluation;

import dev.vertigan.data.Pushforward;
import dev.vertigan.values.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Samples held against the mixture of equally likely Gaussians that they should be of, by the protocol of VEEGAN and PacGAN: a sample is of high
/// quality within three standard deviations of the nearest centre, a mode is covered by one such sample.
public final class MixtureTally implements Tally {

    private static final double NEAR = 3; // standard deviations

    private final double[][] centres; // [modes][dimensions]
    private final double deviation;
    private final int dimensions;
    private final MixtureCells parts;
    private final long[] nearest; // samples by nearest centre
    private final long[] near; // those within three standard deviations
    private final double[][] sums; // of the offsets of these from the centre
    private final double[] squares;
    private final long[] cells; // samples in each part
    private Optional<double[]> exact = Optional.empty(); // the probabilities of these

    /// @param centres `[modes][dimensions]`, of 1 or 2 dimensions
    /// @param deviation standard deviation of each component in every dimension
    public MixtureTally(double[][] centres, double deviation) {
        this.centres = centres;
        this.deviation = deviation;
        dimensions = centres[0].length;
        parts = new MixtureCells(centres, deviation);
        int modes = centres.length;
        nearest = new long[modes];
        near = new long[modes];
        sums = new double[modes][dimensions];
        squares = new double[modes];
        cells = new long[parts.count()];
    }

    @Override
    public void add(float[] samples, int... asked) {
        double[] x = new double[dimensions];
        for (int from = 0; from < samples.length; from += dimensions) {
            for (int i = 0; i < dimensions; i++) {
                x[i] = samples[from + i];
            }
            add(x);
        }
    }

    @Override
    public void exactly(Pushforward generated) {
        exact = parts.probabilities(generated);
    }

    private void add(double... x) {
        int mode = parts.nearest(x);
        double squared = MixtureCells.squaredDistance(x, centres[mode]);
        nearest[mode]++;
        if (squared <= NEAR * NEAR * deviation * deviation) {
            near[mode]++;
            squares[mode] += squared;
            for (int i = 0; i < dimensions; i++) {
                sums[mode][i] += x[i] - centres[mode][i];
            }
        }
        cells[parts.of(mode, x)]++;
    }

    @Override
    public Map<Metric, Double> figures(Patience patience) {
        long all = 0;
        long good = 0;
        int covered = 0;
        for (int i = 0; i < centres.length; i++) {
            all += nearest[i];
            good += near[i];
            covered += near[i] > 0 ? 1 : 0;
        }
        var figures = new EnumMap<Metric, Double>(Metric.class);
        figures.put(Metric.MODES, (double) covered);
        figures.put(Metric.HIGH_QUALITY, good / (double) all);
        figures.put(Metric.SPREAD, spread(true));
        figures.put(Metric.SPREAD_CENTRE, spread(false));
        figures.put(Metric.MODE_KL, Divergence.klToUniform(nearest));
        if (parts.known() && all > 0) {
            double[] p = parts.probabilities();
            double[] q = exact.orElseGet(() -> Divergence.shares(cells));
            figures.put(Metric.DENSITY_KL, Divergence.sum(q, p, Divergence::klTerm));
            figures.put(Metric.FORWARD_KL, Divergence.sum(q, p, Divergence.forwardTerm(all, p.length)));
            figures.put(Metric.DENSITY_JSD, Divergence.sum(q, p, Divergence::jensenShannonTerm));
            if (exact.isEmpty()) {
                figures.put(Metric.DENSITY_KL_FLOOR, Divergence.floor(all, p, Divergence::klTerm));
                figures.put(Metric.FORWARD_KL_FLOOR, Divergence.floor(all, p, Divergence.forwardTerm(all, p.length)));
                figures.put(Metric.DENSITY_JSD_FLOOR, Divergence.floor(all, p, Divergence::jensenShannonTerm));
            }
        }
        return figures;
    }

    /// Root mean square of a coordinate's distance from the mean of its mode's samples, or from the true centre, pooled over modes, in true standard
    /// deviations.
    private double spread(boolean aboutMean) {
        double within = 0;
        long freedom = 0;
        for (int i = 0; i < centres.length; i++) {
            if (near[i] > 1) {
                double off = 0;
                for (double sum : sums[i]) {
                    off += sum * sum / near[i];
                }
                within += squares[i] - (aboutMean ? off : 0);
                freedom += dimensions * (near[i] - (aboutMean ? 1 : 0));
            }
        }
        return freedom == 0 ? Double.NaN : Math.sqrt(within / freedom) / deviation;
    }
}
