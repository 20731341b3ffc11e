package dev.vertigan.bench;

import java.util.Arrays;
import java.util.Collection;

/// What repeated measurements of one thing came to.
///
/// @param median the middle one
/// @param low the tenth percentile
/// @param high the ninetieth percentile
public record Spread(double median, double low, double high) {

    /// NaN of no values.
    static Spread of(Collection<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /// NaN of no values.
    static Spread of(double[] values) {
        if (values.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(at(sorted, 0.5), at(sorted, 0.1), at(sorted, 0.9));
    }

    private static double at(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
