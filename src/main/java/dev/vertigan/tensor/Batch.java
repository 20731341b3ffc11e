package dev.vertigan.tensor;

import java.util.Optional;

/// Samples and, where the game knows classes, the class of each.
///
/// @param x `[n, features]`
/// @param labels `[n]`, whole numbers in [0, classes)
/// @param first where the first row stands in the whole minibatch
public record Batch(Tensor x, Optional<Tensor> labels, long first) {

    /// A whole minibatch of samples without classes.
    public static Batch of(Tensor x) {
        return new Batch(x, Optional.empty(), 0);
    }

    /// Rows [from, from + count), sharing memory.
    public Batch rows(long from, long count) {
        return new Batch(x.rows(from, count), labels.map(all -> all.rows(from, count)), first + from);
    }
}
