package dev.vertigan.values;

/// What comes to a run whose data are a stream.
///
/// @param <R> the answer
public sealed interface StreamRequest<R extends Record> extends Request<R> {

    /// Adds rows; answered when they are on disk.
    ///
    /// @param form what the content is, as the ending of a file's name: `csv`, `json`, `npy`, `png` …
    record Push(String form, byte[] content) implements StreamRequest<Pushed> {}

    /// @param rows that were added
    /// @param total rows there are now
    /// @param waiting those that no epoch has yet
    record Pushed(int rows, long total, long waiting) {}
}
