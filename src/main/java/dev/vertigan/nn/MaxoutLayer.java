package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y[u] = max over p of (x · W + b)[u, p]` (Goodfellow et al. 2013, eq. 1), x `[n, in]`, W `[in, units · pieces]`.
final class MaxoutLayer implements Layer {

    private final Kernels kernels;
    private final Tensor weight; // [in, units·pieces]
    private final Tensor bias; // [units·pieces]
    private final String weightName;
    private final String biasName;
    private final Scratch z; // [n, units·pieces], then its gradient
    private final Scratch y; // [n, units]
    private final Scratch winner; // [n, units]
    private final Scratch dx; // [n, in]
    private final Scratch alongPieces; // [n, units·pieces]
    private final Scratch along; // [n, units]: the tangent at the outputs
    private final Scratch mixed; // [n, in]
    private final Tensor unusedBiasGradient; // [units·pieces]
    private Tensor input;
    private Tensor dz;
    private Tensor tangent;

    MaxoutLayer(int pieces, Binding binding) {
        kernels = binding.kernels();
        long capacity = binding.capacity();
        weight = binding.value("weight");
        bias = binding.value("bias");
        weightName = binding.name("weight");
        biasName = binding.name("bias");
        long width = weight.extent(1);
        z = new Scratch(kernels, capacity, width);
        y = new Scratch(kernels, capacity, width / pieces);
        winner = new Scratch(kernels, capacity, width / pieces);
        dx = new Scratch(kernels, capacity, weight.extent(0));
        unusedBiasGradient = kernels.allocate(width);
        alongPieces = new Scratch(kernels, capacity, width);
        along = new Scratch(kernels, capacity, width / pieces);
        mixed = new Scratch(kernels, capacity, weight.extent(0));
        input = weight;
        dz = weight;
        tangent = weight;
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
    public void backward(Tensor dy, GradientTarget into) {
        long n = dy.extent(0);
        dz = z.rows(n); // the pieces are no longer needed: only who won is
        kernels.maxoutBackward(dy, winner.rows(n), dz, into.wanted() ? into.view(biasName) : unusedBiasGradient, into.accumulate());
        if (into.wanted()) {
            kernels.matmul(input, true, dz, false, into.view(weightName), into.accumulate());
        }
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.matmul(RowRange.of(dz, from, count), false, weight, true, gradient, false);
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        tangent = t;
        long n = t.extent(0);
        kernels.matmul(t, false, weight, false, alongPieces.rows(n), false);
        kernels.maxoutTangent(alongPieces.rows(n), winner.rows(n), along.rows(n));
        return along.rows(n);
    }

    @Override
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        var inputs = mixed.rows(input.extent(0));
        kernels.combineRows(input, s, tangent, w, inputs);
        kernels.matmul(inputs, true, dz, false, into.view(weightName), into.accumulate());
        kernels.scaleRows(dz, s);
        kernels.channelSums(dz, into.view(biasName), into.accumulate());
    }
}
