package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// Batch norm (Ioffe & Szegedy 2015) of `[n.., channels]`, with the activation after it fused in.
final class BatchNormLayer implements Layer {

    private static final float EPSILON = 1e-5f;

    private final Kernels kernels;
    private final Activation activation;
    private final Tensor gamma; // [channels]
    private final Tensor beta; // [channels]
    private final String gammaName;
    private final String betaName;
    private final String meanName;
    private final String varianceName;
    private final Tensor runningMean; // [channels]
    private final Tensor runningVariance; // [channels]
    private final Tensor mean; // [channels]
    private final Tensor variance; // [channels]
    private final Tensor unusedGamma; // [channels]
    private final Tensor unusedBeta; // [channels]
    private final Scratch y; // [n.., channels]
    private final Scratch dx; // [n.., channels]
    private Tensor input;

    BatchNormLayer(Shape shape, Activation activation, Binding binding) {
        kernels = binding.kernels();
        this.activation = activation;
        gamma = binding.value("gamma");
        beta = binding.value("beta");
        gammaName = binding.name("gamma");
        betaName = binding.name("beta");
        meanName = binding.name("running_mean");
        varianceName = binding.name("running_variance");
        runningMean = binding.statistic("running_mean");
        runningVariance = binding.statistic("running_variance");
        long channels = gamma.size();
        mean = kernels.allocate(channels);
        variance = kernels.allocate(channels);
        unusedGamma = kernels.allocate(channels);
        unusedBeta = kernels.allocate(channels);
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        input = gamma;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        input = x;
        var output = y.rows(x.extent(0));
        if (!pass.training()) {
            kernels.batchNormInference(x, gamma, beta, EPSILON, activation, runningMean, runningVariance, output);
            return output;
        }
        kernels.batchNorm(x, gamma, beta, EPSILON, activation, mean, variance, output);
        pass.statistics().ifPresent(seen -> {
            kernels.copy(mean, seen.view(meanName));
            kernels.copy(variance, seen.view(varianceName));
        });
        return output;
    }

    @Override
    public void backward(Tensor dy, Into into) {
        long n = dy.extent(0);
        kernels.batchNormBackward(input, y.rows(n), dy, gamma, EPSILON, activation, mean, variance, dx.rows(n),
                into.wanted() ? into.view(gammaName) : unusedGamma, into.wanted() ? into.view(betaName) : unusedBeta, into.accumulate());
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
