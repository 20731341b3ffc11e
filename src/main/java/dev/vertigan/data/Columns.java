package dev.vertigan.data;

import dev.vertigan.config.RunConfig;
import java.util.Arrays;
import java.util.List;

/// What the coordinates of points are called, and the units that they had before each column was scaled: a value is `mean + deviation · coordinate`.
///
/// @param means of the columns, `[columns]`; 0 where they are not scaled
/// @param deviations of the columns, `[columns]`; 1 where they are not scaled
public record Columns(List<String> names, double[] means, double[] deviations) {

    static final String MEAN = "mean of "; // in a fingerprint
    static final String DEVIATION = "deviation of ";

    private static final List<String> PLANE = List.of("x", "y"); // where nobody named them

    /// Of a run on points.
    ///
    /// @param facts of its data, which say how they were scaled
    public static Columns of(RunConfig.Data config, Fingerprint facts) {
        var names = names(config);
        return new Columns(names, names.stream().mapToDouble(name -> Double.parseDouble(facts.facts().getOrDefault(MEAN + name, "0"))).toArray(),
                names.stream().mapToDouble(name -> Double.parseDouble(facts.facts().getOrDefault(DEVIATION + name, "1"))).toArray());
    }

    /// What they are called.
    public static List<String> names(RunConfig.Data config) {
        int[] shape = Datasets.shape(config);
        return shape.length == 1 && shape[0] <= PLANE.size() && !config.table() ? PLANE.subList(0, shape[0]) : config.columnNames();
    }

    /// Whether its values were scaled.
    public boolean scaled(int column) {
        return means[column] != 0 || deviations[column] != 1;
    }

    /// A coordinate in its column's own units.
    public double value(int column, double coordinate) {
        return means[column] + deviations[column] * coordinate;
    }

    /// Samples in their columns' own units, `[count, columns]`.
    public float[] values(float... samples) {
        float[] values = Arrays.copyOf(samples, samples.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value(i % names.size(), values[i]);
        }
        return values;
    }
}
