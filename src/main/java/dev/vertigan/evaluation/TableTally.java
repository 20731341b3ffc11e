package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Points in three dimensions or more held against real ones: each column by its histogram, and all together by nearest neighbours.
final class TableTally implements Tally {

    private static final int CELLS = 20; // of a column

    private final List<CellTally> columns;
    private final Optional<Manifold> reals;
    private final List<double[]> rows = new ArrayList<>();

    /// @param points real ones, `[n, columns]`
    /// @param reals the same, if they are enough
    TableTally(int columns, float[] points, Optional<Manifold> reals) {
        this.columns = IntStream.range(0, columns).mapToObj(column -> new CellTally(1, CELLS, column(points, column, columns))).toList();
        this.reals = reals;
    }

    private static float[] column(float[] points, int column, int columns) {
        float[] values = new float[points.length / columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = points[i * columns + column];
        }
        return values;
    }

    @Override
    public void add(float[] samples, int... asked) {
        for (int column = 0; column < columns.size(); column++) {
            columns.get(column).add(column(samples, column, columns.size()));
        }
        rows.addAll(Images.rows(samples, columns.size()));
    }

    /// Of cellJsd the mean over the columns. Values that are not finite are nobody's neighbours.
    @Override
    public Map<Metric, Double> figures(Patience patience) {
        var figures = new EnumMap<Metric, Double>(Metric.class);
        figures.put(Metric.CELL_JSD, columns.stream().mapToDouble(CellTally::divergence).average().orElseThrow());
        reals.filter(real -> rows.size() == real.rows().size() && rows.stream().flatMapToDouble(Arrays::stream).allMatch(Double::isFinite))
                .ifPresent(real -> figures.putAll(real.compare(Manifold.of(rows, patience), patience)));
        return figures;
    }
}
