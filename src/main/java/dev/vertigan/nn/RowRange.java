package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;

/// Part of a minibatch.
final class RowRange {

    private RowRange() {}

    /// Rows [from, from + count) of a minibatch; the tensor itself where that is all of it, or all that was passed down.
    static Tensor of(Tensor tensor, long from, long count) {
        return count == tensor.extent(0) ? tensor : tensor.rows(from, count);
    }
}
