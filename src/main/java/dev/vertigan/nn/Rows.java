package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;

/// Part of a minibatch.
final class Rows {

    private Rows() {}

    /// Rows [from, from + count), the tensor itself where that is all of it.
    static Tensor of(Tensor tensor, long from, long count) {
        return from == 0 && count == tensor.extent(0) ? tensor : tensor.rows(from, count);
    }
}
