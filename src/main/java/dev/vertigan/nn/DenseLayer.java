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
    private final Tensor weightGradient; // [in, out]
    private final Tensor biasGradient; // [out]
    private final Scratch y; // [n, out]
    private final Scratch dx; // [n, in]
    private Tensor input;
    private Tensor dz;

    DenseLayer(Activation activation, Binding binding) {
        kernels = binding.kernels();
        this.activation = activation;
        weight = binding.value("weight");
        bias = binding.value("bias");
        weightGradient = binding.gradient("weight");
        biasGradient = binding.gradient("bias");
        y = new Scratch(kernels, binding.capacity(), weight.extent(1));
        dx = new Scratch(kernels, binding.capacity(), weight.extent(0));
        input = dx.rows(0);
        dz = y.rows(0);
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
    public void backward(Tensor dy, boolean parameters, boolean accumulate) {
        dz = dy;
        var output = y.rows(dy.extent(0));
        if (parameters) {
            kernels.activateBackwardBias(output, dy, activation, biasGradient, accumulate);
            kernels.matmul(input, true, dy, false, weightGradient, accumulate);
        } else {
            kernels.activateBackward(output, dy, activation);
        }
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.matmul(Rows.of(dz, from, count), false, weight, true, gradient, false);
        return gradient;
    }
}
