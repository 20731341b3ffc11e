package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.HostRandom;
import dev.vertigan.tensor.Tensor;

/// First values of weights: biases and batch norm's beta zero, gamma and running variances one, weights at random.
public sealed interface Initialiser {

    /// `N(0, gain²/fan-in)` with the gain of the layer's activation (He et al. 2015, eq. 14–15).
    record He() implements Initialiser {}

    /// `U(−range, range)`, as in the 2014 paper's code.
    record Uniform(double range) implements Initialiser {}

    /// Fills a network; a pure function of (seed, stream).
    ///
    /// @param stream tells this network's numbers from others', in [0, 128)
    default void fill(Network network, long seed, int stream) {
        var layers = network.architecture().layers();
        for (int i = 0; i < layers.size(); i++) {
            var draw = new Draw(seed, (stream << 8 | i) << 8, 0);
            switch (layers.get(i)) {
                case LayerSpec.Dense(_, var activation) -> weights(network.weights().view(i + ".weight"), activation, draw);
                case LayerSpec.Output(var activation) -> weights(network.weights().view(i + ".weight"), activation, draw);
                case LayerSpec.Maxout _ -> weights(network.weights().view(i + ".weight"), Activation.LINEAR, draw);
                case LayerSpec.BatchNorm _ -> {
                    ones(network.weights().view(i + ".gamma"));
                    ones(network.statistics().view(i + ".running_variance"));
                }
                case LayerSpec.Dropout _ -> {}
            }
        }
    }

    private void weights(Tensor weight, Activation activation, Draw draw) {
        switch (this) {
            case Uniform(double range) -> HostRandom.uniform(weight, (float) -range, (float) range, draw);
            case He _ -> {
                HostRandom.normal(weight, draw);
                double deviation = gain(activation) / Math.sqrt(weight.extent(0));
                for (long i = 0; i < weight.size(); i++) {
                    weight.set(i, weight.get(i) * deviation);
                }
            }
        }
    }

    private static double gain(Activation activation) {
        return switch (activation.kind()) {
            case RELU, LEAKY_RELU -> Math.sqrt(2 / (1 + (double) activation.slope() * activation.slope()));
            case LINEAR, TANH, SIGMOID -> 1;
        };
    }

    private static void ones(Tensor tensor) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, 1);
        }
    }
}
