package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// Batch norm (Ioffe & Szegedy 2015) of `[n.., channels]`, with the activation after it fused in.
final class BatchNormLayer implements Layer {

    private static final float EPSILON = 1e-5f;
    private static final float RUNNING_DECAY = 0.9f; // the share of its past a running statistic keeps per minibatch

    private final Kernels kernels;
    private final Activation activation;
    private final Tensor gamma; // [channels]
    private final Tensor beta; // [channels]
    private final Tensor gammaGradient; // [channels]
    private final Tensor betaGradient; // [channels]
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
        gammaGradient = binding.gradient("gamma");
        betaGradient = binding.gradient("beta");
        runningMean = binding.statistic("running_mean");
        runningVariance = binding.statistic("running_variance");
        long channels = gamma.size();
        mean = kernels.allocate(channels);
        variance = kernels.allocate(channels);
        unusedGamma = kernels.allocate(channels);
        unusedBeta = kernels.allocate(channels);
        y = binding.scratch(shape);
        dx = binding.scratch(shape);
        input = dx.rows(0);
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
        if (pass.tracking()) {
            kernels.movingAverage(runningMean, mean, RUNNING_DECAY);
            kernels.movingAverage(runningVariance, variance, RUNNING_DECAY);
        }
        return output;
    }

    @Override
    public void backward(Tensor dy, boolean parameters, boolean accumulate) {
        long n = dy.extent(0);
        kernels.batchNormBackward(input, y.rows(n), dy, gamma, EPSILON, activation, mean, variance, dx.rows(n),
                parameters ? gammaGradient : unusedGamma, parameters ? betaGradient : unusedBeta, parameters && accumulate);
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        return Rows.of(dx.rows(input.extent(0)), from, count);
    }

    @Override
    public boolean crossSample() {
        return true;
    }
}
