package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.function.BiConsumer;

/// `y = x + f(x)`, so `dx = dy + f'(x)ᵀ dy`.
final class ResidualLayer implements Layer {

    private final Kernels kernels;
    private final SequenceLayer body; // f
    private final Scratch y; // [n, ...]
    private final Scratch dx; // [n, ...]
    private final Scratch inner; // [n, ...]: the gradient at f's outputs, which f overwrites
    private final Scratch along; // [n, ...]: the tangent at the outputs
    private Tensor dy;

    ResidualLayer(Shape shape, SequenceLayer body, Binding binding) {
        kernels = binding.kernels();
        this.body = body;
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        inner = binding.scratch(shape);
        along = binding.scratch(shape);
        dy = kernels.allocate(0);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        var output = y.rows(x.extent(0));
        kernels.sum(x, body.forward(x, pass), output);
        return output;
    }

    @Override
    public void outputs(BiConsumer<String, Tensor> each) {
        body.outputs(each);
    }

    @Override
    public void backward(Tensor gradient, GradientTarget into) {
        dy = gradient;
        var copy = inner.rows(gradient.extent(0));
        kernels.copy(gradient, copy);
        body.backward(copy, into);
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.sum(RowRange.of(dy, from, count), body.inputGradient(from, count), gradient);
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        var output = along.rows(t.extent(0));
        kernels.sum(t, body.push(t), output);
        return output;
    }

    @Override
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        body.gradient(s, w, into);
    }
}
