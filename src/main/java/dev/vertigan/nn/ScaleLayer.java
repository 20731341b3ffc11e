package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = factor · x`; gradients and tangents alike.
final class ScaleLayer implements Layer {

    private final Kernels kernels;
    private final float factor;
    private final Scratch y; // [n, ...]
    private final Scratch dx; // [n, ...]
    private final Scratch along; // [n, ...]
    private Tensor dy;

    ScaleLayer(Shape shape, float factor, Binding binding) {
        kernels = binding.kernels();
        this.factor = factor;
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        along = binding.scratch(shape);
        dy = kernels.allocate(0);
    }

    private Tensor scaled(Tensor x, Tensor out) {
        kernels.copy(x, out);
        kernels.addScaled(x, factor - 1, out);
        return out;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        return scaled(x, y.rows(x.extent(0)));
    }

    @Override
    public void backward(Tensor gradient, GradientTarget into) {
        dy = gradient;
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        return scaled(RowRange.of(dy, from, count), dx.rows(count));
    }

    @Override
    public Tensor push(Tensor t) {
        return scaled(t, along.rows(t.extent(0)));
    }

    @Override
    public boolean learns() {
        return false;
    }
}
