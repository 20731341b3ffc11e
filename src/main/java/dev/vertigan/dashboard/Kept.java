package dev.vertigan.dashboard;

import java.util.List;

/// What is kept of the run's past, and beside it.
///
/// @param scenes of the duel, by the suffix `scene`
public record Kept(History history, Samples samples, Samples scenes, Events events, Runs runs) {

    /// Of a run that keeps no scenes.
    Kept(History history, Samples samples, Events events, Runs runs) {
        this(history, samples, Samples.none(), events, runs);
    }

    /// Of a run that keeps nothing.
    static Kept nothing() {
        return new Kept((_, _, _) -> List.of(), Samples.none(), _ -> List.of(), Runs.none());
    }
}
