package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// Batch norm of `[n, .., channels]` whose scale and shift are those of each sample's class: `y = activation(gamma_k · x̂ + beta_k)`, x̂
/// normalised over the whole minibatch (Dumoulin et al. 2017).
final class ClassBatchNormLayer implements Layer {

    private static final float NONE = Float.MIN_NORMAL; // 1 + NONE is 1

    private final Kernels kernels;
    private final BatchStatistics statistics;
    private final Activation activation;
    private final Tensor gamma; // [classes, channels]
    private final Tensor beta; // [classes, channels]
    private final String gammaName;
    private final String betaName;
    private final Tensor ones; // [channels]
    private final Tensor zeros; // [channels]
    private final Tensor unused; // [2, channels]
    private final long places; // of a sample, each with all channels
    private final long channels;
    private final Scratch normalised; // [n, .., channels]: x̂
    private final Scratch y; // [n, .., channels]
    private final Scratch dx; // [n, .., channels]
    private final Scratch products; // [n, .., channels]
    private final Scratch scales; // [n, channels]: of each sample's class
    private final Scratch shifts; // [n, channels]: of each sample's class, then sums over its places
    private Tensor input;
    private Tensor oneHot; // [n, classes]

    ClassBatchNormLayer(Shape shape, Activation activation, Binding binding) {
        kernels = binding.kernels();
        this.activation = activation;
        gamma = binding.value("gamma");
        beta = binding.value("beta");
        gammaName = binding.name("gamma");
        betaName = binding.name("beta");
        channels = gamma.extent(1);
        places = shape.size() / channels;
        statistics = new BatchStatistics(Activation.LINEAR, channels, binding);
        zeros = kernels.allocate(channels);
        ones = kernels.allocate(channels);
        kernels.fill(ones, 1);
        unused = kernels.allocate(2, channels);
        normalised = binding.scratch(shape);
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        products = binding.scratch(shape);
        scales = new Scratch(kernels, binding.capacity(), channels);
        shifts = new Scratch(kernels, binding.capacity(), channels);
        input = gamma;
        oneHot = gamma;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        long n = x.extent(0);
        input = x;
        oneHot = pass.oneHot();
        statistics.normalise(x, ones, zeros, pass, normalised.rows(n));
        kernels.matmul(oneHot, false, gamma, false, scales.rows(n), false);
        kernels.matmul(oneHot, false, beta, false, shifts.rows(n), false);
        for (long i = 0; i < n; i++) {
            scale(normalised.rows(n), i, shift(i, n), activation, y.rows(n));
        }
        return y.rows(n);
    }

    private Tensor shift(long i, long n) {
        return shifts.rows(n).rows(i, 1).reshape(channels);
    }

    /// Sample i of `to` from that of `from`, by the scales of its class: batch norm with statistics that change nothing.
    private void scale(Tensor from, long i, Tensor shift, Activation then, Tensor to) {
        var scale = scales.rows(from.extent(0)).rows(i, 1).reshape(channels);
        kernels.batchNormInference(sample(from, i), scale, shift, NONE, then, zeros, ones, sample(to, i));
    }

    private Tensor sample(Tensor of, long i) {
        return of.rows(i, 1).reshape(places, channels);
    }

    @Override
    public void backward(Tensor dy, GradientTarget into) {
        long n = dy.extent(0);
        kernels.activateBackward(y.rows(n), dy, activation);
        var dnormalised = products.rows(n);
        if (into.wanted()) {
            kernels.multiply(dy, normalised.rows(n), dnormalised);
            classGradient(dnormalised, into.view(gammaName), into.accumulate());
            classGradient(dy, into.view(betaName), into.accumulate());
        }
        for (long i = 0; i < n; i++) {
            scale(dy, i, zeros, Activation.LINEAR, dnormalised);
        }
        statistics.backward(input, normalised.rows(n), dnormalised, ones, dx.rows(n),
                unused.rows(0, 1).reshape(channels), unused.rows(1, 1).reshape(channels), false);
    }

    /// Adds up, over a sample's places and over the samples of each class.
    private void classGradient(Tensor values, Tensor into, boolean accumulate) {
        long n = values.extent(0);
        for (long i = 0; i < n; i++) {
            kernels.channelSums(sample(values, i), shift(i, n), false);
        }
        kernels.matmul(oneHot, true, shifts.rows(n), false, into, accumulate);
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        return RowRange.of(dx.rows(input.extent(0)), from, count);
    }

    @Override
    public Tensor push(Tensor t) {
        throw new IllegalStateException("expected no tangent through batch norm, which is curved");
    }
}
