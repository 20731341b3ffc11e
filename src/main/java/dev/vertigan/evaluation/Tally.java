package dev.vertigan.evaluation;

import dev.vertigan.data.Pushforward;
import dev.vertigan.values.Metric;
import java.util.Map;
import java.util.Optional;

/// Takes samples as they are drawn and then says how good they are.
public interface Tally {

    /// @param samples `[n, features]`: coordinates, or pixels in [0, 1]
    /// @param asked the class that each was asked for, `[n]`; none if nothing was
    void add(float[] samples, int... asked);

    /// Takes what the samples' distribution is, where that is known.
    default void exactly(Pushforward generated) {}

    /// What those that were asked for by class were named; empty if none were, or nothing names them.
    default Optional<Confusion> confusion() {
        return Optional.empty();
    }

    /// What was measured of all of them.
    ///
    /// @param patience asked now and then, where it takes long
    Map<Metric, Double> figures(Patience patience);

    /// As the other, however long it takes.
    default Map<Metric, Double> figures() {
        return figures(Patience.ENDLESS);
    }
}
