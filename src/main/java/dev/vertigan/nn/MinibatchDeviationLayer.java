package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = (x, s)` with `s = mean over features f of d_f`, `d_f = √(variance over samples of x_f + ε)`.
///
/// Batch norm's kernels give all of it: x̂ = (x − mean) / d is what they make of x, d itself what they make of the variance; and
/// `∂s/∂x = x̂ / (n · features)`.
final class MinibatchDeviationLayer implements Layer {

    static final float EPSILON = 1e-8f;

    private final Kernels kernels;
    private final int features; // of x
    private final int channels; // of x, at each of its places
    private final Scratch y; // [n, ..., channels + 1]
    private final Scratch dx; // [n, ..., channels]
    private final Scratch normalised; // [n, features]: x̂
    private final Scratch pushed; // [n, features]: x̂ times the gradient at s
    private final Scratch broad; // [n · places, 1]: s, or the gradient at it, at all places
    private final Tensor ones; // [capacity · places, 1]
    private final Tensor gamma; // [features]: 1
    private final Tensor beta; // [features]: 0
    private final Tensor below; // [features]: −ε, from which the variance is as far as d²
    private final Tensor shares; // [features, 1]: 1 / features
    private final Tensor mean; // [features]
    private final Tensor variance; // [features]
    private final Tensor deviations; // [1, features]
    private final Tensor deviation; // [1, 1]: s
    private final Tensor along; // [1]: the gradient at s
    private Tensor dy;

    MinibatchDeviationLayer(Shape in, Shape out, Binding binding) {
        kernels = binding.kernels();
        features = Math.toIntExact(in.size());
        channels = in.channels();
        y = binding.scratch(out);
        dx = binding.scratch(in);
        normalised = binding.scratch(Shape.of(features));
        pushed = binding.scratch(Shape.of(features));
        long rows = binding.capacity() * (features / channels);
        broad = new Scratch(kernels, rows, 1);
        ones = filled(1, rows, 1);
        gamma = filled(1, features);
        beta = kernels.allocate(features);
        below = filled(-EPSILON, features);
        shares = filled(1.0 / features, features, 1);
        mean = kernels.allocate(features);
        variance = kernels.allocate(features);
        deviations = kernels.allocate(1, features);
        deviation = kernels.allocate(1, 1);
        along = kernels.allocate(1);
        dy = beta;
    }

    private Tensor filled(double value, long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.fill(tensor, value);
        return tensor;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        long n = x.extent(0);
        kernels.batchNorm(x.reshape(n, features), gamma, beta, EPSILON, Activation.LINEAR, mean, variance, normalised.rows(n));
        kernels.batchNormInference(variance.reshape(1, features), gamma, beta, EPSILON, Activation.LINEAR, below, variance, deviations);
        kernels.matmul(deviations, false, shares, false, deviation, false);
        var output = y.rows(n);
        kernels.putChannels(x, 0, output);
        kernels.putChannels(everywhere(deviation, places(n)), channels, output);
        return output;
    }

    private long places(long n) {
        return n * (features / channels);
    }

    /// `[count, 1]`
    private Tensor everywhere(Tensor value, long count) {
        var column = broad.rows(count);
        kernels.matmul(ones.rows(0, count), false, value.reshape(1, 1), false, column, false);
        return column;
    }

    @Override
    public void backward(Tensor gradient, GradientTarget into) {
        dy = gradient;
        var column = broad.rows(places(dy.extent(0)));
        kernels.takeChannels(dy, channels, column);
        kernels.channelSums(column, along, false);
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = dx.rows(count);
        kernels.takeChannels(RowRange.of(dy, from, count), 0, gradient);
        long n = dy.extent(0);
        var share = pushed.rows(count);
        kernels.copy(RowRange.of(normalised.rows(n), from, count), share);
        kernels.scaleRows(share, everywhere(along, count).reshape(count));
        kernels.addScaled(share, (float) (1.0 / n / features), gradient.reshape(count, features));
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        throw new IllegalStateException("expected linear pieces, found minibatch-deviation");
    }
}
