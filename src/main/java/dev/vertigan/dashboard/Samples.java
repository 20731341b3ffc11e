package dev.vertigan.dashboard;

import java.util.List;
import java.util.Optional;

/// The sample grids kept in the run's folder. Asked on worker threads, several at once, so it must be thread-safe.
public interface Samples {

    /// The steps with a grid, ascending.
    List<Long> steps();

    /// The grid drawn at `step` as a PNG file, empty if there is none.
    Optional<byte[]> png(long step);

    /// A run that keeps none.
    static Samples none() {
        return new Samples() {
            @Override
            public List<Long> steps() {
                return List.of();
            }

            @Override
            public Optional<byte[]> png(long step) {
                return Optional.empty();
            }
        };
    }
}
