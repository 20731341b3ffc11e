package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.Map;

/// Takes samples as they are drawn and then says how good they are.
public interface Tally {

    /// @param samples `[n, features]`: coordinates, or pixels in [0, 1]
    void add(float[] samples);

    /// What was measured of all of them.
    ///
    /// @param patience asked now and then, where it takes long
    Map<Metric, Double> figures(Patience patience);

    /// As the other, however long it takes.
    default Map<Metric, Double> figures() {
        return figures(Patience.ENDLESS);
    }
}
