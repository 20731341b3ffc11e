package dev.vertigan.export;

import java.io.IOException;

/// Takes samples as they are drawn, so that a million need no more memory than a few. What it writes has its name only once [#finish] is through:
/// what was cut short does not pass for the whole.
public interface Sink extends AutoCloseable {

    /// @param samples `[count, features]`: pixels in [0, 1], coordinates, or latents
    /// @throws IOException if they cannot be written
    void write(float[] samples) throws IOException;

    /// All were written.
    ///
    /// @throws IOException if it cannot be finished
    void finish() throws IOException;

    /// Lets go of it; what was not finished is removed.
    @Override
    void close() throws IOException;
}
