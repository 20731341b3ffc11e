package dev.vertigan.cli;

import dev.vertigan.values.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// Figures of several sets of samples, and how far they are spread.
final class SampleSets {

    private final Map<Metric, List<Double>> values = new EnumMap<>(Metric.class);

    void add(Map<Metric, Double> figures) {
        figures.forEach((metric, value) -> values.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value));
    }

    /// What was measured, in the catalogue's order.
    Set<Metric> metrics() {
        return values.keySet();
    }

    double mean(Metric metric) {
        return values.getOrDefault(metric, List.of()).stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }

    /// The standard deviation over the sets; empty if there is one alone.
    OptionalDouble deviation(Metric metric) {
        var all = values.getOrDefault(metric, List.of());
        double mean = mean(metric);
        double squares = all.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return all.size() < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (all.size() - 1)));
    }
}
