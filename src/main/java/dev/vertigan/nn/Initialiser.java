package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.HostRandom;
import dev.vertigan.tensor.Tensor;

/// First values of weights: biases and batch norm's beta zero, gamma and running variances one, a residual block's last weights zero, other
/// weights at random.
public sealed interface Initialiser {

    /// `N(0, gain²/fan-in)` with the gain of the layer's activation (He et al. 2015, eq. 14–15).
    record He() implements Initialiser {}

    /// `U(−range, range)`, as in the 2014 paper's code.
    record Uniform(double range) implements Initialiser {}

    /// `N(0, deviation²)`, as in DCGAN (Radford et al. 2016, §4).
    record Normal(double deviation) implements Initialiser {}

    /// Fills a network; a pure function of (seed, stream).
    ///
    /// @param stream tells this network's numbers from others', in [0, 128)
    default void fill(Network network, long seed, int stream) {
        network.weights().forEach((tensor, first) -> begin(tensor, first, seed, stream));
        network.statistics().forEach((tensor, first) -> begin(tensor, first, seed, stream));
    }

    private void begin(Tensor tensor, InitialValue first, long seed, int stream) {
        switch (first) {
            case InitialValue.Constant(double value) -> constant(tensor, value);
            case InitialValue.Random(double fanIn, var activation, int layer) ->
                random(tensor, gain(activation) / Math.sqrt(fanIn), new Draw(seed, (stream << 8 | layer) << 8, 0));
        }
    }

    private void random(Tensor weight, double he, Draw draw) {
        switch (this) {
            case Uniform(double range) -> HostRandom.uniform(weight, (float) -range, (float) range, draw);
            case Normal(double deviation) -> HostRandom.normal(weight, deviation, draw);
            case He _ -> HostRandom.normal(weight, he, draw);
        }
    }

    private static double gain(Activation activation) {
        return switch (activation.kind()) {
            case RELU, LEAKY_RELU -> Math.sqrt(2 / (1 + (double) activation.slope() * activation.slope()));
            case LINEAR, TANH, SIGMOID -> 1;
        };
    }

    private static void constant(Tensor tensor, double value) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, value);
        }
    }
}
