package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.Arrays;
import java.util.Map;

/// Points on the line or in the plane held against real ones, where no density is known: by the histogram over cells.
public final class CellTally implements Tally {

    private static final int CELLS = 400;
    private static final double MARGIN = 0.05; // beyond the outermost real points, of their extent

    private final int dimensions;
    private final int side; // cells
    private final double[] least;
    private final double[] extent;
    private final long[] reals; // the last: outside
    private final long[] counts;

    /// @param dimensions 1 or 2
    /// @param points real ones, `[n, dimensions]`
    public CellTally(int dimensions, float[] points) {
        this(dimensions, CELLS, points);
    }

    /// @param cells in all
    CellTally(int dimensions, int cells, float... points) {
        this.dimensions = dimensions;
        side = dimensions == 1 ? cells : (int) Math.round(Math.sqrt(cells));
        least = new double[dimensions];
        extent = new double[dimensions];
        reals = new long[cells + 1];
        counts = new long[cells + 1];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        double[] most = new double[dimensions];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < points.length; i++) {
            least[i % dimensions] = Math.min(least[i % dimensions], points[i]);
            most[i % dimensions] = Math.max(most[i % dimensions], points[i]);
        }
        for (int axis = 0; axis < dimensions; axis++) {
            double margin = MARGIN * (most[axis] - least[axis]);
            least[axis] -= margin;
            extent[axis] = most[axis] + margin - least[axis];
        }
        count(points, reals);
    }

    private void count(float[] points, long[] into) {
        for (int i = 0; i < points.length; i += dimensions) {
            int cell = 0;
            boolean inside = true;
            for (int axis = dimensions - 1; axis >= 0; axis--) {
                int place = (int) Math.floor((points[i + axis] - least[axis]) / extent[axis] * side);
                inside &= place >= 0 && place < side;
                cell = cell * side + place;
            }
            into[inside ? cell : into.length - 1]++;
        }
    }

    @Override
    public void add(float[] samples, int... asked) {
        count(samples, counts);
    }

    /// Nats.
    double divergence() {
        return Divergence.jensenShannon(counts, reals);
    }

    @Override
    public Map<Metric, Double> figures(Patience patience) {
        return Map.of(Metric.CELL_JSD, divergence());
    }
}
