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
    private final int groups;
    private final boolean transposed;
    private final Activation activation;
    private final Tensor weight; // [kh, kw, in, out]; transposed: [kh, kw, out, in]; of several groups [groups, kh, kw, in/groups, out/groups]
    private final Tensor bias; // [out]
    private final String weightName;
    private final String biasName;
    private final Scratch y; // [n, h', w', out]
    private final Scratch dx; // [n, h, w, in]
    private final Scratch along; // [n, h', w', out]: the tangent at the outputs
    private final Scratch mixed; // [n, h, w, in]
    private final Scratch someIn; // [n, h, w, in/groups]
    private final Scratch someOut; // [n, h', w', out/groups]
    private Tensor input;
    private Tensor dz;
    private Tensor tangent;

    ConvolutionLayer(Shape in, Shape out, Window window, int groups, boolean transposed, Activation activation, Binding binding) {
        this.kernels = binding.kernels();
        this.window = window;
        this.groups = groups;
        this.transposed = transposed;
        this.activation = activation;
        weight = binding.value("weight");
        bias = binding.value("bias");
        weightName = binding.name("weight");
        biasName = binding.name("bias");
        y = binding.scratch(out);
        dx = binding.scratch(in);
        along = binding.scratch(out);
        mixed = binding.scratch(in);
        someIn = binding.scratch(Shape.of(in.height(), in.width(), in.channels() / groups));
        someOut = binding.scratch(Shape.of(out.height(), out.width(), out.channels() / groups));
        input = weight;
        dz = weight;
        tangent = weight;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        var output = y.rows(x.extent(0));
        if (groups == 1 && !transposed) {
            kernels.convolveActivate(x, weight, window, bias, activation, output);
        } else {
            convolve(x, transposed, output);
            kernels.biasActivate(output, bias, activation);
        }
        return output;
    }

    private void convolve(Tensor from, boolean backwards, Tensor to) {
        if (groups == 1) {
            convolve(from, weight, backwards, to);
            return;
        }
        boolean forward = backwards == transposed; // from x to y
        var source = (forward ? someIn : someOut).rows(from.extent(0));
        var target = (forward ? someOut : someIn).rows(from.extent(0));
        for (int group = 0; group < groups; group++) {
            kernels.takeChannels(from, group * channels(source), source);
            convolve(source, ofGroup(weight, group), backwards, target);
            kernels.putChannels(target, group * channels(target), to);
        }
    }

    private void convolve(Tensor from, Tensor by, boolean backwards, Tensor to) {
        if (backwards) {
            kernels.convolveTransposed(from, by, window, to);
        } else {
            kernels.convolve(from, by, window, to);
        }
    }

    private static int channels(Tensor image) {
        return Math.toIntExact(image.extent(3));
    }

    /// `[kh, kw, …, …]`
    private static Tensor ofGroup(Tensor weights, int group) {
        return weights.rows(group, 1).reshape(weights.extent(1), weights.extent(2), weights.extent(3), weights.extent(4));
    }

    @Override
    public void backward(Tensor dy, GradientTarget into) {
        dz = dy;
        var output = y.rows(dy.extent(0));
        if (into.wanted()) {
            kernels.activateBackwardBias(output, dy, activation, into.view(biasName), into.accumulate());
            weightGradient(input, dy, into);
        } else {
            kernels.activateBackward(output, dy, activation);
        }
    }

    private void weightGradient(Tensor from, Tensor to, GradientTarget into) {
        if (groups == 1) {
            weightGradient(from, to, into.view(weightName), into);
            return;
        }
        var inputs = someIn.rows(from.extent(0));
        var outputs = someOut.rows(from.extent(0));
        for (int group = 0; group < groups; group++) {
            kernels.takeChannels(from, group * channels(inputs), inputs);
            kernels.takeChannels(to, group * channels(outputs), outputs);
            weightGradient(inputs, outputs, ofGroup(into.view(weightName), group), into);
        }
    }

    private void weightGradient(Tensor from, Tensor to, Tensor gradient, GradientTarget into) {
        kernels.convolveWeightGradient(transposed ? to : from, transposed ? from : to, window, gradient, into.accumulate());
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        convolve(RowRange.of(dz, from, count), !transposed, gradient);
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        tangent = t;
        var output = along.rows(t.extent(0));
        convolve(t, transposed, output);
        kernels.activateBackward(y.rows(t.extent(0)), output, activation);
        return output;
    }

    @Override
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        var inputs = mixed.rows(input.extent(0));
        kernels.combineRows(input, s, tangent, w, inputs);
        weightGradient(inputs, dz, into);
        kernels.scaleRows(dz, s);
        kernels.channelSums(dz, into.view(biasName), into.accumulate());
    }
}
