package dev.vertigan.values;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/// What was measured of one turn of the game: one line of `metrics.jsonl`, one point of every curve.
///
/// @param step turns completed
/// @param time when, in milliseconds since the epoch
/// @param values of what was measured then; what was not is absent, which is not the same as NaN
public record Report(long step, long time, Map<Metric, Double> values) {

    public Report {
        var copy = new EnumMap<Metric, Double>(Metric.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /// The value of a metric, if it was measured.
    public OptionalDouble value(Metric metric) {
        var value = values.get(metric);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
