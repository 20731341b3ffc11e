package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;

/// Gives one layer its own tensors by their short names.
record Binding(String prefix, Parameters values, Parameters gradients, Parameters statistics) {

    Tensor value(String name) {
        return values.view(prefix + name);
    }

    Tensor gradient(String name) {
        return gradients.view(prefix + name);
    }

    Tensor statistic(String name) {
        return statistics.view(prefix + name);
    }
}
