package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// Mean and variance of each channel, and the normalisation by them: of the minibatch in training, of the running ones at rest
/// (Ioffe & Szegedy 2015).
final class BatchStatistics {

    static final float EPSILON = 1e-5f;

    private final Kernels kernels;
    private final Activation activation;
    private final String meanName;
    private final String varianceName;
    private final Tensor runningMean; // [channels]
    private final Tensor runningVariance; // [channels]
    private final Tensor mean; // [channels]
    private final Tensor variance; // [channels]

    /// @param activation after it, fused in
    BatchStatistics(Activation activation, long channels, Binding binding) {
        kernels = binding.kernels();
        this.activation = activation;
        meanName = binding.name("running_mean");
        varianceName = binding.name("running_variance");
        runningMean = binding.statistic("running_mean");
        runningVariance = binding.statistic("running_variance");
        mean = kernels.allocate(channels);
        variance = kernels.allocate(channels);
    }

    /// `y = activation(gamma · x̂ + beta)`; in training, what the minibatch had is noted for the running statistics.
    void normalise(Tensor x, Tensor gamma, Tensor beta, Pass pass, Tensor y) {
        if (!pass.training()) {
            kernels.batchNormInference(x, gamma, beta, EPSILON, activation, runningMean, runningVariance, y);
            return;
        }
        kernels.batchNorm(x, gamma, beta, EPSILON, activation, mean, variance, y);
        pass.statistics().ifPresent(seen -> {
            kernels.copy(mean, seen.view(meanName));
            kernels.copy(variance, seen.view(varianceName));
        });
    }

    /// From the gradient at y to those at x, gamma and beta, after a [#normalise] in training.
    ///
    /// @param accumulate whether those of gamma and beta are added to what is there
    void backward(Tensor x, Tensor y, Tensor dy, Tensor gamma, Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        kernels.batchNormBackward(x, y, dy, gamma, EPSILON, activation, mean, variance, dx, dgamma, dbeta, accumulate);
    }
}
