package dev.vertigan.dashboard;

import java.util.List;

/// What is kept of the run's past, and beside it.
public record Kept(History history, Samples samples, Events events, Runs runs) {

    /// Of a run that keeps nothing.
    static Kept nothing() {
        return new Kept((_, _, _) -> List.of(), Samples.none(), _ -> List.of(), Runs.none());
    }
}
