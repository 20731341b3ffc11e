package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.run.Journal;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides when a checkpoint is worth keeping as the best by a chosen figure of the samples.
final class BestCheckpoint {

    private static final String METRIC = "metric";
    private static final String VALUE = "value";

    private final Optional<Metric> metric;
    private final long rest; // turns between two
    private Optional<Double> best;
    private long at; // step of the last one

    /// @param journal what the run was so far
    BestCheckpoint(RunConfig config, List<Journal.Entry> journal) {
        metric = metric(config.evaluation().best());
        rest = config.checkpoint().every();
        var last = Journal.ofBranch(journal).stream().filter(entry -> entry.kind() == Journal.Kind.BEST && measured(entry))
                .reduce((_, later) -> later);
        best = last.map(entry -> entry.details().path(VALUE).asDouble());
        at = last.map(Journal.Entry::step).orElse(-rest);
    }

    /// The figure that is meant, if one is.
    static Optional<Metric> metric(Choice.Best best) {
        return best == Choice.Best.NONE ? Optional.empty() : Optional.of(Metric.valueOf(best.name()));
    }

    private boolean measured(Journal.Entry entry) {
        return metric.filter(figure -> figure.column().equals(entry.details().path(METRIC).asText())).isPresent();
    }

    /// Whether a report tells of the best samples so far, and the last checkpoint kept for that is not too recent.
    ///
    /// @return what to journal of it
    Optional<Map<String, JsonNode>> see(Report report) {
        if (report.step() < at) { // the run went back
            at = report.step() - rest;
            best = Optional.empty(); // it is of the branch that was left
        }
        if (metric.isEmpty() || report.value(metric.get()).isEmpty() || report.step() < at + rest) {
            return Optional.empty();
        }
        double value = report.value(metric.get()).getAsDouble();
        if (Double.isNaN(value) || best.filter(before -> !metric.get().better(value, before)).isPresent()) {
            return Optional.empty();
        }
        best = Optional.of(value);
        at = report.step();
        return Optional.of(Map.of(METRIC, TextNode.valueOf(metric.get().column()), VALUE, DoubleNode.valueOf(value)));
    }
}
