package dev.vertigan.table;

import java.util.Arrays;
import java.util.Collection;

/// What several runs come to.
///
/// @param standardError of the mean: the sample's standard deviation over √n; NaN of a single one
public record Summary(int count, double mean, double standardError, double median, double least, double greatest) {

    /// @param values at least one
    public static Summary of(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int n = sorted.length;
        double mean = Arrays.stream(sorted).average().orElseThrow();
        double squares = Arrays.stream(sorted).map(value -> (value - mean) * (value - mean)).sum();
        return new Summary(n, mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n), (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0],
                sorted[n - 1]);
    }
}
