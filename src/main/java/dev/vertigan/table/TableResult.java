package dev.vertigan.table;

import dev.vertigan.values.Metric;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// A table that has been measured.
///
/// @param samples measured in each row
/// @param measured other rows than runs: real data and baselines
/// @param notes where, when and of what it was made, by name
public record TableResult(TableSpec spec, int samples, List<Runs> rows, List<Measured> measured, Map<String, String> notes) {

    public TableResult {
        rows = List.copyOf(rows);
        measured = List.copyOf(measured);
    }

    /// The runs of one configuration.
    public record Runs(TableSpec.Row row, List<Run> runs) {

        public Runs { runs = List.copyOf(runs); }

        /// Of the runs that have this figure.
        public Optional<Summary> summary(Metric metric) {
            return summary(runs.stream().flatMap(run -> Optional.ofNullable(run.figures.get(metric)).stream()).toList());
        }

        /// Whether nothing is known of any.
        boolean failed() {
            return runs.stream().allMatch(run -> run.figures.isEmpty());
        }

        static Optional<Summary> summary(Collection<Double> values) {
            return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values));
        }
    }

    /// One run.
    ///
    /// @param folder its name
    /// @param hash of its configuration
    /// @param figures none if it failed
    public record Run(String folder, long seed, String hash, Map<Metric, Double> figures, OptionalDouble cpuSeconds, OptionalDouble wallSeconds) {

        public Run { figures = ordered(figures); }
    }

    /// Anything else that was measured as samples are.
    public record Measured(String name, Map<Metric, Double> figures) {

        public Measured { figures = ordered(figures); }
    }

    private static Map<Metric, Double> ordered(Map<Metric, Double> figures) {
        var ordered = new EnumMap<Metric, Double>(Metric.class);
        ordered.putAll(figures);
        return ordered;
    }

    /// The columns: those declared of which anything is known, or all that runs have, or, if they all failed, the other rows.
    public List<Metric> figures() {
        var known = new LinkedHashSet<Metric>();
        rows.forEach(row -> row.runs.forEach(run -> known.addAll(run.figures.keySet())));
        if (known.isEmpty() || !spec.figures().isEmpty()) {
            measured.forEach(row -> known.addAll(row.figures.keySet()));
        }
        return spec.figures().isEmpty() ? List.copyOf(known) : spec.figures().stream().filter(known::contains).toList();
    }
}
