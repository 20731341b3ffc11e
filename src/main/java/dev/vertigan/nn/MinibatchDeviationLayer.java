package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// `y = (x, s)` with `s = mean over features f of √(variance over samples of x_f + ε)`. Worked on the host, in double precision.
final class MinibatchDeviationLayer implements Layer {

    static final double EPSILON = 1e-8;

    private final Kernels kernels;
    private final int features; // of x
    private final int channels; // of x, at each of its places
    private final Scratch y; // [n, ..., channels + 1]
    private final Scratch dx; // [n, ..., channels]
    private final double[] means; // of the features
    private final double[] deviations; // of the features
    private Tensor input;
    private Tensor dy;

    MinibatchDeviationLayer(Shape in, Shape out, Binding binding) {
        kernels = binding.kernels();
        features = Math.toIntExact(in.size());
        channels = in.channels();
        y = binding.scratch(out);
        dx = binding.scratch(in);
        means = new double[features];
        deviations = new double[features];
        input = kernels.allocate(0);
        dy = input;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        long n = x.extent(0);
        double sum = 0;
        for (int f = 0; f < features; f++) {
            double mean = 0;
            for (long i = 0; i < n; i++) {
                mean += x.get(i * features + f) / n;
            }
            double variance = 0;
            for (long i = 0; i < n; i++) {
                double off = x.get(i * features + f) - mean;
                variance += off * off / n;
            }
            means[f] = mean;
            deviations[f] = Math.sqrt(variance + EPSILON);
            sum += deviations[f];
        }
        var output = y.rows(n);
        for (long place = 0; place < n * features / channels; place++) {
            for (int c = 0; c < channels; c++) {
                output.set(place * (channels + 1) + c, x.get(place * channels + c));
            }
            output.set(place * (channels + 1) + channels, sum / features);
        }
        return output;
    }

    @Override
    public void backward(Tensor gradient, GradientTarget into) {
        dy = gradient;
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        long n = dy.extent(0);
        double along = 0; // the gradient at s
        for (long place = 0; place < n * features / channels; place++) {
            along += dy.get(place * (channels + 1) + channels);
        }
        var gradient = dx.rows(count);
        for (long i = 0; i < count; i++) {
            for (int f = 0; f < features; f++) {
                long at = (from + i) * features + f;
                double own = dy.get(at / channels * (channels + 1) + at % channels);
                gradient.set(i * features + f, own + along * (input.get(at) - means[f]) / (deviations[f] * n * features));
            }
        }
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        throw new IllegalStateException("expected linear pieces, found minibatch-deviation");
    }
}
