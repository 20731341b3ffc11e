package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = activation(x · W + c · V + b)`, x `[n, in]`, W `[in, out]`; c is the class, one-hot, `[n, classes]`, V `[classes, out]`: W and V are one
/// matrix, as of the two side by side. Classes have no tangent.
final class DenseLayer implements Layer {

    private final Kernels kernels;
    private final Activation activation;
    private final int classes; // 0 = it does not look at them
    private final Tensor weight; // [in, out]
    private final Tensor ofClasses; // [classes, out]
    private final Tensor bias; // [out]
    private final String weightName;
    private final String biasName;
    private final Scratch y; // [n, out]
    private final Scratch dx; // [n, in]
    private final Scratch along; // [n, out]: the tangent at the outputs
    private final Scratch mixed; // [n, in]
    private Tensor input;
    private Tensor oneHot; // [n, classes]
    private Tensor dz;
    private Tensor tangent;

    DenseLayer(int classes, Activation activation, Binding binding) {
        kernels = binding.kernels();
        this.activation = activation;
        this.classes = classes;
        weight = inputs(binding.value("weight"));
        ofClasses = classes(binding.value("weight"));
        bias = binding.value("bias");
        weightName = binding.name("weight");
        biasName = binding.name("bias");
        y = new Scratch(kernels, binding.capacity(), weight.extent(1));
        dx = new Scratch(kernels, binding.capacity(), weight.extent(0));
        along = new Scratch(kernels, binding.capacity(), weight.extent(1));
        mixed = new Scratch(kernels, binding.capacity(), weight.extent(0));
        input = weight;
        oneHot = weight;
        dz = weight;
        tangent = weight;
    }

    private Tensor inputs(Tensor whole) {
        return classes == 0 ? whole : whole.rows(0, whole.extent(0) - classes);
    }

    private Tensor classes(Tensor whole) {
        return whole.rows(whole.extent(0) - classes, classes);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        var output = y.rows(x.extent(0));
        kernels.matmul(x, false, weight, false, output, false);
        if (classes > 0) {
            oneHot = pass.oneHot();
            kernels.matmul(oneHot, false, ofClasses, false, output, true);
        }
        kernels.biasActivate(output, bias, activation);
        return output;
    }

    @Override
    public void backward(Tensor dy, GradientTarget into) {
        dz = dy;
        var output = y.rows(dy.extent(0));
        if (into.wanted()) {
            kernels.activateBackwardBias(output, dy, activation, into.view(biasName), into.accumulate());
            weightGradient(input, dy, into);
            classGradient(dy, into);
        } else {
            kernels.activateBackward(output, dy, activation);
        }
    }

    private void weightGradient(Tensor inputs, Tensor dz, GradientTarget into) {
        kernels.matmul(inputs, true, dz, false, inputs(into.view(weightName)), into.accumulate());
    }

    private void classGradient(Tensor dz, GradientTarget into) {
        if (classes > 0) {
            kernels.matmul(oneHot, true, dz, false, classes(into.view(weightName)), into.accumulate());
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
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        var inputs = mixed.rows(input.extent(0));
        kernels.combineRows(input, s, tangent, w, inputs);
        weightGradient(inputs, dz, into);
        kernels.scaleRows(dz, s);
        classGradient(dz, into);
        kernels.channelSums(dz, into.view(biasName), into.accumulate());
    }
}
