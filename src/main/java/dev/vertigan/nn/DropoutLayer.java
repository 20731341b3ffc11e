package dev.vertigan.nn;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = x ⊙ mask / keep` while training, `y = x` else. A pass' mask is a pure function of (seed, turn, phase, layer).
final class DropoutLayer implements Layer {

    private final Kernels kernels;
    private final float keep;
    private final long seed;
    private final int stream; // its low 8 bits take the phase
    private final Scratch y; // [n, ...]
    private final Scratch mask; // [n, ...]
    private final Scratch dx; // [n, ...]
    private final Scratch along; // [n, ...]
    private Tensor dy;
    private long n;
    private boolean dropping;

    DropoutLayer(Shape shape, float keep, Binding binding) {
        kernels = binding.kernels();
        this.keep = keep;
        seed = binding.seed();
        stream = binding.stream();
        y = binding.scratch(shape);
        mask = binding.scratch(shape);
        dx = binding.scratch(shape);
        along = binding.scratch(shape);
        dy = kernels.allocate(0);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        dropping = pass.training() && keep < 1;
        if (!dropping) {
            return x;
        }
        n = x.extent(0);
        drawMask(pass);
        kernels.multiply(x, mask.rows(n), y.rows(n));
        return y.rows(n);
    }

    private void drawMask(Pass pass) {
        var draw = new Draw(seed, stream | pass.phase(), pass.step());
        if (pass.places().isEmpty()) {
            kernels.dropoutMask(mask.rows(n), keep, draw);
        }
        long at = 0;
        for (var place : pass.places()) {
            kernels.dropoutMask(mask.rows(n).rows(at, place.count()), keep, draw.from(place.first()));
            at += place.count();
        }
    }

    @Override
    public void backward(Tensor gradient, GradientTarget into) {
        dy = gradient;
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var part = RowRange.of(dy, from, count);
        if (!dropping) {
            return part;
        }
        var gradient = dx.rows(count);
        kernels.multiply(part, RowRange.of(mask.rows(n), from, count), gradient);
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        if (!dropping) {
            return t;
        }
        kernels.multiply(t, mask.rows(n), along.rows(n));
        return along.rows(n);
    }

    @Override
    public boolean learns() {
        return false;
    }
}
