package dev.vertigan.data;

import java.util.OptionalLong;

/// The rows of a stream, in the order they came, and how many there were when each epoch began: what makes a run on them one that can be
/// played again. Thread-safe.
public interface Rows {

    /// How many there are now.
    long size();

    /// Reads row `row` of as many bytes as there is room for.
    ///
    /// @throws IndexOutOfBoundsException if there is no such row
    /// @throws dev.vertigan.config.UserError if it cannot be read, or is not as it was written
    void read(long row, byte[] into);

    /// How many rows there were when epoch `epoch` began, if it has.
    OptionalLong at(long epoch);

    /// The same; an epoch that begins now has all there are, for good.
    ///
    /// @throws dev.vertigan.config.UserError if there is none yet, or the run has not got there
    long begin(long epoch);
}
