package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// What a layer is built with: kernels, scratch memory, and its own tensors by their short names.
///
/// @param capacity the largest minibatch
/// @param seed the key of the network's random numbers
/// @param stream tells this layer's random numbers from others'; its low 8 bits are free
record Binding(Kernels kernels, long capacity, long seed, int stream, String prefix, Parameters values, Parameters statistics) {

    /// For the layer of that path.
    Binding at(String path, int number) {
        return new Binding(kernels, capacity, seed, stream & ~0xFFFF | number << 8, path + ".", values, statistics);
    }

    /// The whole name of one of the layer's tensors, by which its gradient is found.
    String name(String shortName) {
        return prefix + shortName;
    }

    Tensor value(String name) {
        return values.view(prefix + name);
    }

    Tensor statistic(String name) {
        return statistics.view(prefix + name);
    }

    /// A buffer for the largest minibatch of samples of that shape.
    Scratch scratch(Shape shape) {
        return new Scratch(kernels, shape.minibatch(capacity));
    }
}
