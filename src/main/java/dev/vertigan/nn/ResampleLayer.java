package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Tensor;

/// Twice or half the height and width; backwards it does the other's work, as the two are each other's adjoint.
final class ResampleLayer implements Layer {

    private static final float MEAN_OF_FOUR = 0.25f;

    private final Kernels kernels;
    private final boolean up;
    private final Resampling resampling;
    private final float factor;
    private final Scratch y; // [n, h', w', c]
    private final Scratch dx; // [n, h, w, c]
    private final Scratch along; // [n, h', w', c]
    private Tensor dy;

    ResampleLayer(Shape in, Shape out, boolean up, Resampling resampling, Binding binding) {
        kernels = binding.kernels();
        this.up = up;
        this.resampling = resampling;
        factor = up ? 1 : MEAN_OF_FOUR;
        y = binding.scratch(out);
        dx = binding.scratch(in);
        along = binding.scratch(out);
        dy = kernels.allocate(0);
    }

    private Tensor resample(Tensor from, boolean larger, Tensor to) {
        if (larger) {
            kernels.upsample(from, resampling, factor, to);
        } else {
            kernels.downsample(from, resampling, factor, to);
        }
        return to;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        return resample(x, up, y.rows(x.extent(0)));
    }

    @Override
    public void backward(Tensor gradient, GradientTarget into) {
        dy = gradient;
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        return resample(RowRange.of(dy, from, count), !up, dx.rows(count));
    }

    @Override
    public Tensor push(Tensor t) {
        return resample(t, up, along.rows(t.extent(0)));
    }

    @Override
    public boolean learns() {
        return false;
    }
}
