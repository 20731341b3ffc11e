package dev.vertigan.values;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The run as a whole, now.
///
/// @param state where the run's life stands
/// @param step turns completed
/// @param steps turns to make; 0 = until told to stop
/// @param epoch passes over the data set so far
/// @param imagesPerSecond real samples consumed per second, 0 while not running
/// @param secondsLeft estimated, empty if endless or not running
/// @param checkpointStep the newest verified checkpoint's step, empty if none yet
/// @param undone turns that were played once, not saved, and not played again yet
/// @param settings the live ones as now in force, by path
/// @param failure why the run stands, if it failed
/// @param reason why it is finished, if not because all turns are made
/// @param findings about the game that stand
public record Status(State state, long step, long steps, double epoch, double imagesPerSecond, Optional<Double> secondsLeft,
        Optional<Long> checkpointStep, long undone, Map<String, JsonNode> settings, Optional<Failure> failure, Optional<String> reason,
        List<Finding> findings) {

    public Status {
        findings = List.copyOf(findings);
    }

    /// Of a run that nothing is to be said of but that.
    public Status(State state, long step, long steps, double epoch, double imagesPerSecond, Optional<Double> secondsLeft,
            Optional<Long> checkpointStep, long undone, Map<String, JsonNode> settings, Optional<Failure> failure) {
        this(state, step, steps, epoch, imagesPerSecond, secondsLeft, checkpointStep, undone, settings, failure, Optional.empty(), List.of());
    }

    /// STOPPED: waits for resume or step, all saved. FINISHED: made all its turns. FAILED: needs a person.
    public enum State { STARTING, RUNNING, STOPPED, FINISHED, FAILED }

    /// What went wrong.
    ///
    /// @param kind what sort of thing
    /// @param step the turn it happened in
    /// @param message what was expected and found, and where
    /// @param advice what to do
    public record Failure(FailureKind kind, long step, String message, String advice) {}
}
