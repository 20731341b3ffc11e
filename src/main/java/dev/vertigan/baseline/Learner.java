package dev.vertigan.baseline;

import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Initialiser;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Optimiser;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;

/// A network and how it learns.
final class Learner {

    private static final double RATE = 1e-3;

    private final Network network;
    private final Trace trace;
    private final Parameters gradients;
    private final Optimiser.Adam adam;
    private final Tensor squares;

    Learner(List<String> layers, int in, int out, int batch, Kernels kernels, long seed, int stream) {
        network = new Network(Architecture.parse(layers, Shape.of(in), Shape.of(out)), kernels, seed, stream);
        new Initialiser.He().fill(network, seed, stream);
        trace = network.trace(batch);
        gradients = network.weights().alike(kernels);
        adam = new Optimiser.Adam(kernels, network.weights().alike(kernels), network.weights().alike(kernels));
        squares = kernels.sums(3);
    }

    Trace trace() {
        return trace;
    }

    Parameters weights() {
        return network.weights();
    }

    Parameters gradients() {
        return gradients;
    }

    /// @param t updates, this one included
    void step(long t) {
        adam.step(network.weights(), gradients, new Optimiser.Step(t, RATE, 0, 0.9, 0.999, 1e-8), squares);
    }

    static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    /// log(1 + exp(a)), of which neither end overflows.
    static double softplus(double a) {
        return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    }

    /// −log p(x) of pixels that are Bernoulli, a sample's mean.
    ///
    /// @param x `[batch, features]` in [0, 1]
    /// @param logits `[batch, features]`
    /// @param slopes takes the gradient at the logits, σ(a) − x over the batch
    static double crossEntropy(Tensor x, Tensor logits, Tensor slopes) {
        long batch = x.extent(0);
        double loss = 0;
        for (long i = 0; i < x.size(); i++) {
            double a = logits.get(i);
            loss += softplus(a) - a * x.get(i);
            slopes.set(i, (sigmoid(a) - x.get(i)) / batch);
        }
        return loss / batch;
    }
}
