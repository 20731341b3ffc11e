package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.Map;

/// Takes samples as they are drawn and then says how good they are.
public interface Tally {

    /// @param samples `[n, features]`: coordinates, or pixels in [0, 1]
    void add(float[] samples);

    /// What was measured of all of them.
    Map<Metric, Double> figures();
}
