package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.Map;

/// Points in the plane held against real ones, where no density is known: by the histogram over squares.
public final class PlaneTally implements Tally {

    private static final int SIDE = 20; // squares
    private static final double MARGIN = 0.05; // beyond the outermost real points, of their extent

    private final double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    private final double[] extent = new double[2];
    private final long[] reals = new long[SIDE * SIDE + 1]; // the last: outside
    private final long[] counts = new long[SIDE * SIDE + 1];

    /// @param points real ones, `[n, 2]`
    public PlaneTally(float[] points) {
        double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < points.length; i++) {
            least[i % 2] = Math.min(least[i % 2], points[i]);
            most[i % 2] = Math.max(most[i % 2], points[i]);
        }
        for (int axis = 0; axis < 2; axis++) {
            double margin = MARGIN * (most[axis] - least[axis]);
            least[axis] -= margin;
            extent[axis] = most[axis] + margin - least[axis];
        }
        count(points, reals);
    }

    private void count(float[] points, long[] into) {
        for (int i = 0; i < points.length; i += 2) {
            int column = (int) Math.floor((points[i] - least[0]) / extent[0] * SIDE);
            int row = (int) Math.floor((points[i + 1] - least[1]) / extent[1] * SIDE);
            boolean inside = column >= 0 && column < SIDE && row >= 0 && row < SIDE;
            into[inside ? row * SIDE + column : SIDE * SIDE]++;
        }
    }

    @Override
    public void add(float[] samples) {
        count(samples, counts);
    }

    @Override
    public Map<Metric, Double> figures(Patience patience) {
        return Map.of(Metric.CELL_JSD, Divergence.jensenShannon(counts, reals));
    }
}
