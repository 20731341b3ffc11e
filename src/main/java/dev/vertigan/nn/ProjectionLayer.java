package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = x · (w + c · V) + b`, row by row: x `[n, in]`, w `[in, 1]`, V `[classes, in]`; c is the class, one-hot, `[n, classes]`.
final class ProjectionLayer implements Layer {

    private final Kernels kernels;
    private final Tensor weight; // [in]
    private final Tensor bias; // [1]
    private final Tensor classes; // [classes, in]
    private final String weightName;
    private final String biasName;
    private final String classesName;
    private final Tensor ones; // [in, 1]
    private final Scratch directions; // [n, in]: w + c · V
    private final Scratch products; // [n, in]
    private final Scratch y; // [n, 1]
    private final Scratch dx; // [n, in]
    private final Scratch along; // [n, 1]: the tangent at the outputs
    private Tensor input;
    private Tensor oneHot; // [n, classes]
    private Tensor dz;
    private Tensor tangent;

    ProjectionLayer(Binding binding) {
        kernels = binding.kernels();
        classes = binding.value("classes");
        long in = classes.extent(1);
        weight = binding.value("weight").reshape(in);
        bias = binding.value("bias");
        weightName = binding.name("weight");
        biasName = binding.name("bias");
        classesName = binding.name("classes");
        ones = kernels.allocate(in, 1);
        kernels.fill(ones, 1);
        directions = new Scratch(kernels, binding.capacity(), in);
        products = new Scratch(kernels, binding.capacity(), in);
        y = new Scratch(kernels, binding.capacity(), 1);
        dx = new Scratch(kernels, binding.capacity(), in);
        along = new Scratch(kernels, binding.capacity(), 1);
        input = classes;
        oneHot = classes;
        dz = classes;
        tangent = classes;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        long n = x.extent(0);
        input = x;
        oneHot = pass.oneHot();
        var direction = directions.rows(n);
        kernels.matmul(oneHot, false, classes, false, direction, false);
        kernels.biasActivate(direction, weight, Activation.LINEAR);
        var output = y.rows(n);
        dot(x, output);
        kernels.biasActivate(output, bias, Activation.LINEAR);
        return output;
    }

    private void dot(Tensor rows, Tensor output) {
        var product = products.rows(rows.extent(0));
        kernels.multiply(rows, directions.rows(rows.extent(0)), product);
        kernels.matmul(product, false, ones, false, output, false);
    }

    @Override
    public void backward(Tensor dy, GradientTarget into) {
        dz = dy;
        if (into.wanted()) {
            var scaled = products.rows(dy.extent(0));
            kernels.copy(input, scaled);
            weightGradients(scaled, into);
            kernels.channelSums(dy, into.view(biasName), into.accumulate());
        }
    }

    /// @param rows `[n, in]`, overwritten
    private void weightGradients(Tensor rows, GradientTarget into) {
        kernels.scaleRows(rows, dz.reshape(dz.extent(0)));
        kernels.matmul(oneHot, true, rows, false, into.view(classesName), into.accumulate());
        kernels.channelSums(rows, into.view(weightName).reshape(weight.size()), into.accumulate());
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.copy(RowRange.of(directions.rows(input.extent(0)), from, count), gradient);
        kernels.scaleRows(gradient, RowRange.of(dz, from, count).reshape(count));
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        tangent = t;
        var output = along.rows(t.extent(0));
        dot(t, output);
        return output;
    }

    @Override
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        var rows = products.rows(input.extent(0));
        kernels.combineRows(input, s, tangent, w, rows);
        weightGradients(rows, into);
        kernels.scaleRows(dz, s);
        kernels.channelSums(dz, into.view(biasName), into.accumulate());
    }
}
