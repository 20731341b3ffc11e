package dev.vertigan.bus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.RunConfig;
import dev.vertigan.game.Portrait;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Request;
import dev.vertigan.values.Scene;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// Messages about the run's state, sent between turns.
///
/// @param <R> the answer
public sealed interface StateRequest<R extends Record> extends Request<R> {

    /// Asks G for a copy of all that decides how it goes on.
    record CaptureGenerator() implements StateRequest<State> {}

    /// Asks D likewise.
    record CaptureDiscriminator() implements StateRequest<State> {}

    /// @param updates updates made
    /// @param tensors by full name
    record State(long updates, SortedMap<String, Tensor> tensors) {}

    /// Puts G back to a state.
    record RestoreGenerator(State state) implements StateRequest<Done> {}

    /// Puts D back to a state.
    record RestoreDiscriminator(State state) implements StateRequest<Done> {}

    /// Asks G for what pictures are drawn with.
    record GetPortrait(Portrait.Use use) implements StateRequest<PortraitWeights> {}

    /// @param weights the moving average of G's weights, flat
    /// @param statistics batch norm's running statistics, flat
    record PortraitWeights(Tensor weights, Tensor statistics) {}

    /// Asks the sampler for a picture, which it publishes.
    record Paint(long step, PortraitWeights weights) implements StateRequest<Done> {}

    /// Asks G for a copy of itself.
    ///
    /// @param averaged whether of its moving average, else as it plays
    record LeaseGenerator(boolean averaged, Portrait.Use use) implements StateRequest<PlayerWeights> {}

    /// Asks D likewise.
    record LeaseDiscriminator(Portrait.Use use) implements StateRequest<PlayerWeights> {}

    /// @param weights flat
    /// @param statistics batch norm's running statistics, flat
    record PlayerWeights(Tensor weights, Tensor statistics) {}

    /// Asks G to copy itself into tensors that are lent to it.
    ///
    /// @param averaged whether its moving average, else as it plays
    /// @param into of the same sizes; not to be touched before the answer
    record CopyGenerator(boolean averaged, PlayerWeights into) implements StateRequest<Copied> {}

    /// Asks the run's past to copy the G of the step that was visited last into tensors that are lent to it.
    ///
    /// @param step turns completed
    /// @param averaged whether its moving average, else as it played
    /// @param into of the same sizes; not to be touched before the answer
    record CopyPastGenerator(long step, boolean averaged, PlayerWeights into) implements StateRequest<Copied> {}

    /// @param step turns completed by what was copied
    record Copied(long step) {}

    /// Asks for what both players see, which is published.
    ///
    /// @param step turns completed
    /// @param complete whether it is of the end of that turn; else of the one that follows, under way
    record Stage(long step, boolean complete, PlayerWeights generator, PlayerWeights discriminator, RunConfig.Game game)
            implements StateRequest<Done> {}

    /// Has G keep its weights for the next [LookAtGenerator].
    record ProbeGenerator() implements StateRequest<Done> {}

    /// Has D keep its weights for the next [LookAtDiscriminator].
    record ProbeDiscriminator() implements StateRequest<Done> {}

    /// Asks what G's layers learned since, and how they fare.
    record LookAtGenerator() implements StateRequest<Look> {}

    /// Asks likewise of D.
    record LookAtDiscriminator() implements StateRequest<Look> {}

    /// @param layers figures of each, as arrays; none if nothing was learned
    /// @param nanos that it took
    record Look(Optional<Scene> layers, long nanos) {}

    /// Asks the evaluator to measure samples of G as it was after `step` turns.
    ///
    /// @param opponents both players, where D is held against the best there could be, or they against those of checkpoints
    record Evaluate(long step, PortraitWeights weights, Optional<Opponents> opponents) implements StateRequest<Evaluated> {}

    /// Both players as they are, neither an average.
    ///
    /// @param game as they play it now
    record Opponents(PlayerWeights generator, PlayerWeights discriminator, RunConfig.Game game) {}

    /// @param figures what was measured; none while it prepares
    /// @param nanos of work it took
    record Evaluated(long step, Map<Metric, Double> figures, long nanos) {}

    /// Asks the archive to write a checkpoint; answered when it is verified on disk.
    record Save(long step, SortedMap<String, Tensor> tensors, Map<String, String> metadata) implements StateRequest<Saved> {}

    /// @param sha256 of the data: weights, moments and averages
    record Saved(long step, String sha256) {}

    /// Asks the archive for the newest checkpoint that verifies.
    record Load() implements StateRequest<Loaded> {}

    /// Asks the archive to begin a branch: journals it, sets newer checkpoints aside, and answers with the newest of a step or one before it
    /// that verifies.
    ///
    /// @param branch its number
    /// @param from turns completed in the branch that is left
    /// @param reason in words
    record BeginBranch(long step, int branch, long from, String reason) implements StateRequest<Loaded> {}

    record Loaded(long step, SortedMap<String, Tensor> tensors, Map<String, String> metadata) {}

    /// Asks the archive to write a line in the journal; answered when it is on disk.
    record Note(long step, String kind, Map<String, JsonNode> details) implements StateRequest<Done> {}

    record Done() {}
}
