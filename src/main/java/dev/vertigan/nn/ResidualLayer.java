package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = x + f(x)`, so `dx = dy + f'(x)ᵀ dy`.
final class ResidualLayer implements Layer {

    private final Kernels kernels;
    private final SequenceLayer body; // f
    private final Scratch y; // [n, ...]
    private final Scratch dx; // [n, ...]
    private final Scratch inner; // [n, ...]: the gradient at f's outputs, which f overwrites
    private Tensor dy;

    ResidualLayer(Shape shape, SequenceLayer body, Binding binding) {
        kernels = binding.kernels();
        this.body = body;
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        inner = binding.scratch(shape);
        dy = inner.rows(0);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        var output = y.rows(x.extent(0));
        kernels.copy(x, output);
        kernels.add(body.forward(x, pass), output);
        return output;
    }

    @Override
    public void backward(Tensor gradient, boolean parameters, boolean accumulate) {
        dy = gradient;
        var copy = inner.rows(gradient.extent(0));
        kernels.copy(gradient, copy);
        body.backward(copy, parameters, accumulate);
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.copy(Rows.of(dy, from, count), gradient);
        kernels.add(body.inputGradient(from, count), gradient);
        return gradient;
    }

    @Override
    public boolean crossSample() {
        return body.crossSample();
    }
}
