package dev.vertigan.table;

import java.util.Collection;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/// What several runs come to.
///
/// @param standardError of the mean: the sample's standard deviation over √n; NaN of a single one
public record Summary(int count, double mean, double standardError, double median, double least, double greatest) {

    /// @param values at least one
    public static Summary of(Collection<Double> values) {
        var all = new DescriptiveStatistics();
        values.forEach(all::addValue);
        int n = values.size();
        return new Summary(n, all.getMean(), n < 2 ? Double.NaN : all.getStandardDeviation() / Math.sqrt(n), all.getPercentile(50), all.getMin(),
                all.getMax());
    }
}
