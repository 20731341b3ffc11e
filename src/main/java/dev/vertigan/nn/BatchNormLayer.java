package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Tensor;

/// Batch norm (Ioffe & Szegedy 2015) of `[n.., channels]`, with the activation after it fused in.
final class BatchNormLayer implements Layer {

    private final BatchStatistics statistics;
    private final Tensor gamma; // [channels]
    private final Tensor beta; // [channels]
    private final String gammaName;
    private final String betaName;
    private final Tensor unusedGamma; // [channels]
    private final Tensor unusedBeta; // [channels]
    private final Scratch y; // [n.., channels]
    private final Scratch dx; // [n.., channels]
    private Tensor input;

    BatchNormLayer(Shape shape, Activation activation, Binding binding) {
        gamma = binding.value("gamma");
        beta = binding.value("beta");
        gammaName = binding.name("gamma");
        betaName = binding.name("beta");
        statistics = new BatchStatistics(activation, gamma.size(), binding);
        unusedGamma = binding.kernels().allocate(gamma.size());
        unusedBeta = binding.kernels().allocate(gamma.size());
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        input = gamma;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        var output = y.rows(x.extent(0));
        statistics.normalise(x, gamma, beta, pass, output);
        return output;
    }

    @Override
    public void backward(Tensor dy, GradientTarget into) {
        long n = dy.extent(0);
        statistics.backward(input, y.rows(n), dy, gamma, dx.rows(n), into.wanted() ? into.view(gammaName) : unusedGamma,
                into.wanted() ? into.view(betaName) : unusedBeta, into.accumulate());
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
