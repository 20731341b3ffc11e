package dev.vertigan.cli;

import dev.vertigan.evaluation.Confusion;
import dev.vertigan.values.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/// Figures of several sets of samples, and how far they are spread.
final class SampleSets {

    private final Map<Metric, SummaryStatistics> values = new EnumMap<>(Metric.class);
    private Optional<Confusion> confusion = Optional.empty();

    void add(Map<Metric, Double> figures) {
        figures.forEach((metric, value) -> values.computeIfAbsent(metric, _ -> new SummaryStatistics()).addValue(value));
    }

    void add(Confusion named) {
        confusion = Optional.of(confusion.map(others -> others.add(named)).orElse(named));
    }

    /// What the samples of all sets were named, if they were asked for by class.
    Optional<Confusion> confusion() {
        return confusion;
    }

    /// What was measured, in the catalogue's order.
    Set<Metric> metrics() {
        return values.keySet();
    }

    /// @param metric one of [#metrics()]
    double mean(Metric metric) {
        return of(metric).getMean();
    }

    /// The standard deviation over the sets; empty if there is one alone.
    ///
    /// @param metric one of [#metrics()]
    OptionalDouble deviation(Metric metric) {
        return of(metric).getN() < 2 ? OptionalDouble.empty() : OptionalDouble.of(of(metric).getStandardDeviation());
    }

    private SummaryStatistics of(Metric metric) {
        return Objects.requireNonNull(values.get(metric));
    }
}
