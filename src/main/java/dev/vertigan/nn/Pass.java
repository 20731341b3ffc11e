package dev.vertigan.nn;

import java.util.List;
import java.util.Optional;

/// What a forward pass is for.
///
/// @param training dropout drops and batch norm uses the minibatch's own statistics; else neither
/// @param statistics takes the minibatch's own statistics, for [Network#track]; only with training
/// @param step the turn, for dropout's random numbers
/// @param phase which pass of the turn, in [0, 256): passes of one turn draw different masks
/// @param places where the rows of this pass stand in the whole minibatch, in order; none if they are all of it
public record Pass(boolean training, Optional<Parameters> statistics, long step, int phase, List<Stretch> places) {

    /// For sampling: no randomness, running statistics.
    public static final Pass INFERENCE = new Pass(false, Optional.empty(), 0, 0, List.of());

    /// Rows [first, first + count) of the whole minibatch.
    public record Stretch(long first, long count) {}

    public Pass {
        places = List.copyOf(places);
    }

    /// For learning, on the whole minibatch.
    public static Pass training(long step, int phase) {
        return new Pass(true, Optional.empty(), step, phase, List.of());
    }

    /// The same, with the minibatch's statistics wanted.
    public Pass tracking(Parameters statistics) {
        return new Pass(training, Optional.of(statistics), step, phase, places);
    }

    /// The same, for rows of a larger minibatch.
    public Pass at(List<Stretch> places) {
        return new Pass(training, statistics, step, phase, places);
    }
}
