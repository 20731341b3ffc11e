package dev.vertigan.tensor;

/// What the benchmarks compute with.
final class Noise {

    private Noise() {}

    /// N(0, 1).
    static Tensor tensor(Kernels kernels, long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.normal(tensor, new Draw(1, 1, tensor.size()));
        return tensor;
    }

    /// U(½, 1): what is multiplied by it again and again does not end in denormal numbers, nor is on the sloped side of an activation.
    static Tensor positive(Kernels kernels, long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.uniform(tensor, 0.5f, 1, new Draw(1, 2, tensor.size()));
        return tensor;
    }
}
