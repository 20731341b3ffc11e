package dev.vertigan.dashboard;

import java.util.List;
import java.util.Optional;

/// The pictures kept in the run's folder. Asked on worker threads, several at once, so it must be thread-safe.
public interface Samples {

    /// The steps with a picture, ascending.
    List<Long> steps();

    /// The picture drawn at `step`, empty if there is none of that kind.
    ///
    /// @param suffix `png`, or `f32` for little-endian float32 `[count, dimensions]`
    Optional<byte[]> read(long step, String suffix);

    /// A run that keeps none.
    static Samples none() {
        return new Samples() {
            @Override
            public List<Long> steps() {
                return List.of();
            }

            @Override
            public Optional<byte[]> read(long step, String suffix) {
                return Optional.empty();
            }
        };
    }
}
