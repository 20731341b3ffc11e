package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What a forward pass is for.
///
/// @param training dropout drops and batch norm uses the minibatch's own statistics; else neither
/// @param statistics takes the minibatch's own statistics, for [Network#track]; only with training
/// @param step the turn, for dropout's random numbers
/// @param phase which pass of the turn, in [0, 256): passes of one turn draw different masks
/// @param places where the rows of this pass stand in the whole minibatch, in order; none if they are all of it
/// @param classes each row's class, one-hot: `[n, classes]`; none if no layer looks at it
public record Pass(boolean training, Optional<Parameters> statistics, long step, int phase, List<Stretch> places, Optional<Tensor> classes) {

    /// For sampling: no randomness, running statistics.
    public static final Pass INFERENCE = new Pass(false, Optional.empty(), 0, 0, List.of(), Optional.empty());

    /// Rows [first, first + count) of the whole minibatch.
    public record Stretch(long first, long count) {}

    public Pass {
        places = List.copyOf(places);
    }

    /// For learning, on the whole minibatch.
    ///
    /// @param step keys the random numbers, with the phase
    public static Pass training(long step, int phase) {
        return new Pass(true, Optional.empty(), step, phase, List.of(), Optional.empty());
    }

    /// The same, with the minibatch's statistics wanted.
    public Pass tracking(Parameters statistics) {
        return new Pass(training, Optional.of(statistics), step, phase, places, classes);
    }

    /// The same, for rows of a larger minibatch.
    public Pass at(List<Stretch> places) {
        return new Pass(training, statistics, step, phase, places, classes);
    }

    /// The same, for rows of these classes.
    public Pass of(Optional<Tensor> oneHot) {
        return new Pass(training, statistics, step, phase, places, oneHot);
    }

    /// The rows' classes, for a layer that looks at them.
    Tensor oneHot() {
        return classes.orElseThrow(() -> new IllegalStateException("expected the class of each row, found none"));
    }
}
