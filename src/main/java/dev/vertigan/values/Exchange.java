package dev.vertigan.values;

import java.util.List;
import java.util.Map;

/// One message of a turn and its answer, for someone who watches turns slowly.
///
/// @param step the turn, from 1
/// @param toward who learns next
/// @param message its simple name
/// @param address where it was sent
/// @param sent the tensors it carried
/// @param answered the tensors that came back
/// @param millis from the question to the answer
/// @param learnMillis of these the optimiser took; 0 if nobody learned
/// @param figures what was measured on the way
public record Exchange(long step, Tempo.Learner toward, String message, String address, List<Load> sent, List<Load> answered, double millis,
        double learnMillis,
        Map<Metric, Double> figures) {

    /// A tensor that moved.
    ///
    /// @param name as the equations have it
    /// @param shape rows first
    public record Load(String name, List<Long> shape, long bytes) {}
}
