package dev.vertigan.data;

/// The order in which a run visits a data set's samples.
@FunctionalInterface
public interface Order {

    /// The data set's index of the run's sample number `sample`, counted over all epochs: a pure function, computed in O(1).
    long index(long sample);
}
