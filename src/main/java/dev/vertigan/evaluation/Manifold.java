package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Where vectors of a kind lie: within the balls about each of them that reach to its k-th nearest neighbour (Kynkäänniemi et al. 2019, section 2).
///
/// @param narrow squared radii to the third neighbour, `[n]`
/// @param wide squared radii to the fifth, `[n]`
record Manifold(List<double[]> rows, Cloud cloud, double[] narrow, double[] wide) {

    private static final int NARROW = 3; // for precision and recall, as there
    private static final int WIDE = 5; // for density and coverage, as Naeem et al. have it

    /// @param rows of six vectors or more, `[n][dimensions]`
    static Manifold of(List<double[]> rows, Patience patience) {
        var cloud = Cloud.of(rows);
        double[] narrow = new double[rows.size()];
        double[] wide = new double[rows.size()];
        cloud.squaredDistances(rows, patience, (i, squares) -> {
            squares[i] = Double.POSITIVE_INFINITY; // it is no neighbour of its own
            double[] nearest = nearest(squares);
            narrow[i] = nearest[NARROW - 1];
            wide[i] = nearest[WIDE - 1];
        });
        return new Manifold(rows, cloud, narrow, wide);
    }

    /// Whether there are neighbours enough.
    static boolean fits(int rows) {
        return rows > WIDE;
    }

    private static double[] nearest(double... squares) {
        double[] nearest = new double[WIDE]; // ascending
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (double square : squares) {
            if (square < nearest[WIDE - 1]) {
                int place = WIDE - 1;
                while (place > 0 && nearest[place - 1] > square) {
                    nearest[place] = nearest[place - 1];
                    place--;
                }
                nearest[place] = square;
            }
        }
        return nearest;
    }

    /// Precision, the share of samples within the reals' manifold, and recall, the share of reals within the samples' (Kynkäänniemi et al. 2019,
    /// equation 2); density, in how many reals' balls a sample is, over k, and coverage, the share of reals' balls with a sample (Naeem et al.
    /// 2020, equations 3 and 4). A ball has its surface.
    Map<Metric, Double> compare(Manifold samples, Patience patience) {
        long[] within = new long[2]; // samples in a narrow ball, pairs of a sample and a wide ball that it is in
        boolean[] recalled = new boolean[rows.size()];
        boolean[] covered = new boolean[rows.size()];
        cloud.squaredDistances(samples.rows, patience, (j, squares) -> {
            boolean precise = false;
            for (int i = 0; i < squares.length; i++) {
                precise |= squares[i] <= narrow[i];
                recalled[i] |= squares[i] <= samples.narrow[j];
                if (squares[i] <= wide[i]) {
                    within[1]++;
                    covered[i] = true;
                }
            }
            within[0] += precise ? 1 : 0;
        });
        double n = samples.rows.size();
        return Map.of(Metric.PRECISION, within[0] / n, Metric.RECALL, share(recalled), Metric.DENSITY, within[1] / (WIDE * n), Metric.COVERAGE,
                share(covered));
    }

    private static double share(boolean... flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count / (double) flags.length;
    }
}
