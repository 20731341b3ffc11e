package dev.vertigan.values;

import java.util.Optional;

/// What a person asks of the run, sent to the Conductor; acted on between turns and answered with the [Status]
/// after it took effect ([Stop] and [SaveCheckpoint]: after the checkpoint is verified on disk).
public sealed interface Command extends Request<Status> {

    record GetStatus() implements Command {}

    /// Ends the turn, saves, waits.
    record Stop() implements Command {}

    record Resume() implements Command {}

    /// Makes that many turns, then stops again. Answered when they are made.
    record Step(long turns) implements Command {}

    record SaveCheckpoint() implements Command {}

    /// Changes the settings that are given.
    record Edit(Optional<Double> rateG, Optional<Double> rateD, Optional<Integer> discriminatorSteps, Optional<Integer> reportEvery)
            implements Command {}
}
