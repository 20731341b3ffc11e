package dev.vertigan.evaluation;

import dev.vertigan.data.Pushforward;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.math3.special.Erf;

/// The line, or the plane, in cells of known probability under a mixture of equally likely Gaussians: on the line 80 equal bins up to four
/// standard deviations beyond the outermost centres, and the two tails; in the plane 16 equally likely cells round each centre, four rings of
/// four sectors.
final class MixtureCells {

    private static final double APART = 8; // standard deviations between centres, from which on cells of one hardly hold samples of another
    private static final int BINS = 80; // on the line
    private static final double MARGIN = 4; // standard deviations shown on either side of the outermost centres
    private static final int RINGS = 4; // round a centre, equally likely
    private static final int SECTORS = 4;

    private final double[][] centres; // [modes][dimensions]
    private final double deviation;
    private final boolean line;
    private final double least; // where the first bin begins
    private final double width; // of a bin
    private final boolean known;

    /// @param centres `[modes][dimensions]`, of 1 or 2 dimensions
    /// @param deviation standard deviation of each component in every dimension
    MixtureCells(double[][] centres, double deviation) {
        this.centres = centres;
        this.deviation = deviation;
        line = centres[0].length == 1;
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (double[] centre : centres) {
            lowest = Math.min(lowest, centre[0]);
            highest = Math.max(highest, centre[0]);
        }
        least = lowest - MARGIN * deviation;
        width = (highest - lowest + 2 * MARGIN * deviation) / BINS;
        known = line || closest() >= APART * deviation;
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

    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    /// Whether their probabilities are known: in the plane only where components are eight standard deviations apart.
    boolean known() {
        return known;
    }

    int count() {
        return line ? BINS + 2 : centres.length * RINGS * SECTORS;
    }

    /// The centre nearest to a point.
    int nearest(double... x) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            double distance = squaredDistance(x, centres[i]);
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        }
        return nearest;
    }

    /// The cell that a point is in.
    ///
    /// @param nearest the centre nearest to it
    int of(int nearest, double... x) {
        return line ? (int) Math.clamp(Math.floor((x[0] - least) / width) + 1, 0, BINS + 1) : round(nearest, x);
    }

    /// Of a Gaussian in the plane the share beyond radius r is exp(−r²/2σ²), so rings of equal shares are known.
    private int round(int mode, double... x) {
        double beyond = Math.exp(-squaredDistance(x, centres[mode]) / (2 * deviation * deviation));
        int ring = Math.min(RINGS - 1, (int) ((1 - beyond) * RINGS));
        double turn = Math.atan2(x[1] - centres[mode][1], x[0] - centres[mode][0]) / (2 * Math.PI) + 0.5;
        int sector = Math.min(SECTORS - 1, (int) (turn * SECTORS));
        return (mode * RINGS + ring) * SECTORS + sector;
    }

    /// Of each cell, if x is distributed so; of the line only.
    Optional<double[]> probabilities(Pushforward generated) {
        double[] edges = new double[BINS + 1];
        Arrays.setAll(edges, i -> least + i * width);
        return line ? Optional.of(generated.probabilities(edges)) : Optional.empty();
    }

    /// Of each cell.
    double[] probabilities() {
        double[] p = new double[count()];
        if (!line) {
            Arrays.fill(p, 1.0 / p.length);
            return p;
        }
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
