package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;

/// `y = activation(x ∗ W + b)`, x `[n, h, w, in]`, y `[n, h', w', out]`. A transposed convolution is the same with the two directions
/// swapped: forward it does what a convolution does to gradients.
final class ConvolutionLayer implements Layer {

    private final Kernels kernels;
    private final Window window;
    private final boolean transposed;
    private final Activation activation;
    private final Tensor weight; // [kh, kw, in, out]; transposed: [kh, kw, out, in]
    private final Tensor bias; // [out]
    private final Tensor weightGradient; // as weight
    private final Tensor biasGradient; // [out]
    private final Scratch y; // [n, h', w', out]
    private final Scratch dx; // [n, h, w, in]
    private Tensor input;
    private Tensor dz;

    ConvolutionLayer(Shape in, Shape out, Window window, boolean transposed, Activation activation, Binding binding) {
        this.kernels = binding.kernels();
        this.window = window;
        this.transposed = transposed;
        this.activation = activation;
        weight = binding.value("weight");
        bias = binding.value("bias");
        weightGradient = binding.gradient("weight");
        biasGradient = binding.gradient("bias");
        y = binding.scratch(out);
        dx = binding.scratch(in);
        input = dx.rows(0);
        dz = y.rows(0);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        var output = y.rows(x.extent(0));
        convolve(x, transposed, output);
        kernels.biasActivate(output, bias, activation);
        return output;
    }

    private void convolve(Tensor from, boolean backwards, Tensor to) {
        if (backwards) {
            kernels.convolveTransposed(from, weight, window, to);
        } else {
            kernels.convolve(from, weight, window, to);
        }
    }

    @Override
    public void backward(Tensor dy, boolean parameters, boolean accumulate) {
        dz = dy;
        var output = y.rows(dy.extent(0));
        if (parameters) {
            kernels.activateBackwardBias(output, dy, activation, biasGradient, accumulate);
            kernels.convolveWeightGradient(transposed ? dy : input, transposed ? input : dy, window, weightGradient, accumulate);
        } else {
            kernels.activateBackward(output, dy, activation);
        }
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        convolve(Rows.of(dz, from, count), !transposed, gradient);
        return gradient;
    }
}
