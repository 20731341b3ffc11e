package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// A feed-forward network: weights, their gradients and scratch memory for minibatches up to a capacity, all taken once.
///
/// Images go in and out as rows, `[n, height · width · channels]`. A pass forward leaves what the passes backward over it need.
/// Not thread-safe.
public final class Network {

    private final Architecture architecture;
    private final Parameters weights;
    private final Parameters gradients;
    private final Parameters statistics; // batch norm's running ones; not learned by gradient
    private final SequenceLayer layers;

    /// @param capacity the largest minibatch
    /// @param seed the key of dropout's random numbers
    /// @param stream tells this network's random numbers from others', in [0, 128)
    public Network(Architecture architecture, Kernels kernels, long capacity, long seed, int stream) {
        this.architecture = architecture;
        var declarations = architecture.declare();
        weights = declarations.learned().allocate(kernels);
        gradients = weights.alike(kernels);
        statistics = declarations.tracked().allocate(kernels);
        layers = new SequenceLayer(architecture.layers(), architecture.input().flat(), architecture.output().flat(),
                new Binding(kernels, capacity, seed, stream << 16, "", weights, gradients, statistics));
    }

    /// `x[n, in]` → `y[n, out]`. y belongs to the network and holds until the next pass forward; x must stay as it is until the
    /// passes backward are done.
    public Tensor forward(Tensor x, Pass pass) {
        return layers.forward(x, pass);
    }

    /// Backpropagates `dy[n, out]` (overwritten) over the last pass forward down to the first layer that learns and, if `parameters`,
    /// computes [#gradients] (added to what is there if `accumulate`).
    public void backward(Tensor dy, boolean parameters, boolean accumulate) {
        layers.backward(dy, parameters, accumulate);
    }

    /// The gradient at rows [from, from + count) of the last pass' input, `[count, in]`, after [#backward]. It belongs to the network
    /// and holds until the next backward.
    public Tensor inputGradient(long from, long count) {
        return layers.inputGradient(from, count);
    }

    /// Whether a sample's output depends on the other samples of its minibatch.
    public boolean crossSample() {
        return layers.crossSample();
    }

    public Architecture architecture() {
        return architecture;
    }

    public Parameters weights() {
        return weights;
    }

    public Parameters gradients() {
        return gradients;
    }

    /// Running statistics of batch norm layers.
    public Parameters statistics() {
        return statistics;
    }

    /// How many numbers are learned.
    public long parameterCount() {
        return weights.count();
    }
}
