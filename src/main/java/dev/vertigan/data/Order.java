package dev.vertigan.data;

/// The order in which a run visits a data set's samples.
@FunctionalInterface
public interface Order {

    /// The data set's index of the run's sample number `sample`, counted over all epochs: a pure function, computed in O(1).
    long index(long sample);

    /// The seed of the order in a branch of a run: that of branch 0 is the run's.
    static long seed(long seed, long branch) {
        return branch == 0 ? seed : CounterRandom.hash(seed, branch);
    }
}
