package dev.vertigan.train;

import dev.vertigan.run.RunReader;
import dev.vertigan.values.Metric;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Finds the turn in which something came to be so of a run.
///
/// First every checkpoint that is kept is judged, until one where it is so follows one where it is not. Then the run is played again from the
/// first of the two and judged after every turn, so what is found is what judging after every turn of that window would have found: no turn is
/// passed over, whether or not it is so again and again.
///
/// @param replay of the run
/// @param judge says what is measured of a state; the same of the same state
/// @param condition what came to be so
public record Bisection(Replay replay, Judge judge, Predicate<Map<Metric, Double>> condition) {

    /// Measures the state that a replay is at.
    public interface Judge {

        Map<Metric, Double> figures(Replay here);
    }

    /// Told how the search goes.
    public interface Listener {

        Listener NONE = (_, _) -> {};

        /// @param so whether the condition holds
        void judged(long step, boolean so);
    }

    /// @param turn the first after which it is so
    /// @param before figures before that turn
    /// @param after and after it
    public record Found(long turn, Map<Metric, Double> before, Map<Metric, Double> after) {}

    /// Searches from one step to another.
    ///
    /// @return empty if at no kept checkpoint it is so after one where it is not
    /// @throws dev.vertigan.config.UserError if a step cannot be visited
    public Optional<Found> find(long from, long to, Listener listener) {
        long last = -1; // where it was not so
        for (long step : RunReader.checkpointSteps(replay.run()).subSet(from, to + 1)) {
            boolean so = condition.test(figures(step));
            listener.judged(step, so);
            if (so && last >= 0) {
                return Optional.of(between(last, step, listener));
            }
            last = so ? -1 : step;
        }
        return Optional.empty();
    }

    private Found between(long last, long end, Listener listener) {
        var before = figures(last);
        for (long step = last + 1; step <= end; step++) {
            var after = figures(step);
            boolean so = condition.test(after);
            listener.judged(step, so);
            if (so) {
                return new Found(step, before, after);
            }
            before = after;
        }
        throw new IllegalStateException("step " + end + ": expected the same figures when played again");
    }

    private Map<Metric, Double> figures(long step) {
        replay.to(step, Replay.Watch.NONE);
        return judge.figures(replay);
    }
}
