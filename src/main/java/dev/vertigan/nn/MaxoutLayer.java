package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y[u] = max over p of (x · W + b)[u, p]` (Goodfellow et al. 2013, eq. 1), x `[n, in]`, W `[in, units · pieces]`.
final class MaxoutLayer implements Layer {

    private final Kernels kernels;
    private final Tensor weight; // [in, units·pieces]
    private final Tensor bias; // [units·pieces]
    private final Tensor weightGradient; // [in, units·pieces]
    private final Tensor biasGradient; // [units·pieces]
    private final Scratch z; // [n, units·pieces], then its gradient
    private final Scratch y; // [n, units]
    private final Scratch winner; // [n, units]
    private final Scratch dx; // [n, in]
    private final Tensor unusedBiasGradient; // [units·pieces]
    private Tensor input;
    private Tensor dz;

    MaxoutLayer(int pieces, Binding binding) {
        kernels = binding.kernels();
        long capacity = binding.capacity();
        weight = binding.value("weight");
        bias = binding.value("bias");
        weightGradient = binding.gradient("weight");
        biasGradient = binding.gradient("bias");
        long width = weight.extent(1);
        z = new Scratch(kernels, capacity, width);
        y = new Scratch(kernels, capacity, width / pieces);
        winner = new Scratch(kernels, capacity, width / pieces);
        dx = new Scratch(kernels, capacity, weight.extent(0));
        unusedBiasGradient = kernels.allocate(width);
        input = dx.rows(0);
        dz = z.rows(0);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        long n = x.extent(0);
        kernels.matmul(x, false, weight, false, z.rows(n), false);
        kernels.maxout(z.rows(n), bias, y.rows(n), winner.rows(n));
        return y.rows(n);
    }

    @Override
    public void backward(Tensor dy, boolean parameters, boolean accumulate) {
        long n = dy.extent(0);
        dz = z.rows(n); // the pieces are no longer needed: only who won is
        kernels.maxoutBackward(dy, winner.rows(n), dz, parameters ? biasGradient : unusedBiasGradient, parameters && accumulate);
        if (parameters) {
            kernels.matmul(input, true, dz, false, weightGradient, accumulate);
        }
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.matmul(Rows.of(dz, from, count), false, weight, true, gradient, false);
        return gradient;
    }
}
