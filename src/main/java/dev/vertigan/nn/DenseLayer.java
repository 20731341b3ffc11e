package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = activation(x · W + b)`, x `[n, in]`, W `[in, out]`.
final class DenseLayer implements Layer {

    private final Kernels kernels;
    private final Activation activation;
    private final Tensor weight; // [in, out]
    private final Tensor bias; // [out]
    private final String weightName;
    private final String biasName;
    private final Scratch y; // [n, out]
    private final Scratch dx; // [n, in]
    private final Scratch along; // [n, out]: the tangent at the outputs
    private final Scratch mixed; // [n, in]
    private Tensor input;
    private Tensor dz;
    private Tensor tangent;

    DenseLayer(Activation activation, Binding binding) {
        kernels = binding.kernels();
        this.activation = activation;
        weight = binding.value("weight");
        bias = binding.value("bias");
        weightName = binding.name("weight");
        biasName = binding.name("bias");
        y = new Scratch(kernels, binding.capacity(), weight.extent(1));
        dx = new Scratch(kernels, binding.capacity(), weight.extent(0));
        along = new Scratch(kernels, binding.capacity(), weight.extent(1));
        mixed = new Scratch(kernels, binding.capacity(), weight.extent(0));
        input = weight;
        dz = weight;
        tangent = weight;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        var output = y.rows(x.extent(0));
        kernels.matmul(x, false, weight, false, output, false);
        kernels.biasActivate(output, bias, activation);
        return output;
    }

    @Override
    public void backward(Tensor dy, Into into) {
        dz = dy;
        var output = y.rows(dy.extent(0));
        if (into.wanted()) {
            kernels.activateBackwardBias(output, dy, activation, into.view(biasName), into.accumulate());
            kernels.matmul(input, true, dy, false, into.view(weightName), into.accumulate());
        } else {
            kernels.activateBackward(output, dy, activation);
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
        var output = along.rows(t.extent(0));
        kernels.matmul(t, false, weight, false, output, false);
        kernels.activateBackward(y.rows(t.extent(0)), output, activation);
        return output;
    }

    @Override
    public void gradient(Tensor s, Tensor w, Into into) {
        var inputs = mixed.rows(input.extent(0));
        kernels.combineRows(input, s, tangent, w, inputs);
        kernels.matmul(inputs, true, dz, false, into.view(weightName), into.accumulate());
        kernels.scaleRows(dz, s);
        kernels.channelSums(dz, into.view(biasName), into.accumulate());
    }
}
