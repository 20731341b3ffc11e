package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.EnumMap;
import java.util.Map;
import org.apache.commons.math3.special.Erf;

/// Samples held against the mixture of equally likely Gaussians that they should be of, by the protocol of VEEGAN and PacGAN: a sample is of high
/// quality within three standard deviations of the nearest centre, a mode is covered by one such sample.
public final class MixtureTally implements Tally {

    private static final double NEAR = 3; // standard deviations
    private static final double APART = 8; // standard deviations between centres, from which on cells of one hardly hold samples of another
    private static final int BINS = 80; // on the line
    private static final double MARGIN = 4; // standard deviations shown on either side of the outermost centres
    private static final int RINGS = 4; // round a centre, equally likely
    private static final int SECTORS = 4;

    private final double[][] centres; // [modes][dimensions]
    private final double deviation;
    private final int dimensions;
    private final double least; // where the first bin begins
    private final double width; // of a bin
    private final boolean apart;
    private final long[] nearest; // samples by nearest centre
    private final long[] near; // those within three standard deviations
    private final double[][] sums; // of the offsets of these from the centre
    private final double[] squares;
    private final long[] cells; // on the line: below, 80 bins, above; in the plane: by mode, ring, sector

    /// @param centres `[modes][dimensions]`, of 1 or 2 dimensions
    /// @param deviation standard deviation of each component in every dimension
    public MixtureTally(double[][] centres, double deviation) {
        this.centres = centres;
        this.deviation = deviation;
        dimensions = centres[0].length;
        int modes = centres.length;
        nearest = new long[modes];
        near = new long[modes];
        sums = new double[modes][dimensions];
        squares = new double[modes];
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (double[] centre : centres) {
            lowest = Math.min(lowest, centre[0]);
            highest = Math.max(highest, centre[0]);
        }
        least = lowest - MARGIN * deviation;
        width = (highest - lowest + 2 * MARGIN * deviation) / BINS;
        apart = dimensions == 1 || closest() >= APART * deviation;
        cells = new long[dimensions == 1 ? BINS + 2 : modes * RINGS * SECTORS];
    }

    private double closest() {
        double closest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            for (int j = 0; j < i; j++) {
                closest = Math.min(closest, Math.sqrt(squaredDistance(centres[i], centres[j])));
            }
        }
        return closest;
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    @Override
    public void add(float[] samples) {
        double[] x = new double[dimensions];
        for (int from = 0; from < samples.length; from += dimensions) {
            for (int i = 0; i < dimensions; i++) {
                x[i] = samples[from + i];
            }
            add(x);
        }
    }

    private void add(double... x) {
        int mode = 0;
        double squared = Double.POSITIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            double distance = squaredDistance(x, centres[i]);
            if (distance < squared) {
                squared = distance;
                mode = i;
            }
        }
        nearest[mode]++;
        if (squared <= NEAR * NEAR * deviation * deviation) {
            near[mode]++;
            squares[mode] += squared;
            for (int i = 0; i < dimensions; i++) {
                sums[mode][i] += x[i] - centres[mode][i];
            }
        }
        cells[dimensions == 1 ? bin(x[0]) : cell(mode, squared, x)]++;
    }

    private int bin(double x) {
        return (int) Math.clamp(Math.floor((x - least) / width) + 1, 0, BINS + 1);
    }

    /// Of a Gaussian in the plane the share beyond radius r is exp(−r²/2σ²), so rings of equal shares are known.
    private int cell(int mode, double squared, double... x) {
        double beyond = Math.exp(-squared / (2 * deviation * deviation));
        int ring = Math.min(RINGS - 1, (int) ((1 - beyond) * RINGS));
        double turn = Math.atan2(x[1] - centres[mode][1], x[0] - centres[mode][0]) / (2 * Math.PI) + 0.5;
        int sector = Math.min(SECTORS - 1, (int) (turn * SECTORS));
        return (mode * RINGS + ring) * SECTORS + sector;
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
        figures.put(Metric.SPREAD, spread());
        figures.put(Metric.MODE_KL, Divergence.klToUniform(nearest));
        if (apart) {
            figures.put(Metric.DENSITY_KL, dimensions == 1 ? Divergence.kl(cells, onTheLine()) : Divergence.klToUniform(cells));
        }
        return figures;
    }

    /// Root mean square of a coordinate's distance from the mean of its mode's samples, pooled over modes, in true standard deviations.
    private double spread() {
        double within = 0;
        long freedom = 0;
        for (int i = 0; i < centres.length; i++) {
            if (near[i] > 1) {
                double off = 0;
                for (double sum : sums[i]) {
                    off += sum * sum / near[i];
                }
                within += squares[i] - off;
                freedom += dimensions * (near[i] - 1);
            }
        }
        return freedom == 0 ? Double.NaN : Math.sqrt(within / freedom) / deviation;
    }

    private double[] onTheLine() {
        double[] p = new double[BINS + 2];
        for (double[] centre : centres) {
            double below = 0;
            for (int i = 0; i <= BINS; i++) {
                double upTo = Erf.erfc(-(least + i * width - centre[0]) / (deviation * Math.sqrt(2))) / 2;
                p[i] += (upTo - below) / centres.length;
                below = upTo;
            }
            p[BINS + 1] += Erf.erfc((least + BINS * width - centre[0]) / (deviation * Math.sqrt(2))) / 2 / centres.length;
        }
        return p;
    }
}
