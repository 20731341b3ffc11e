package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A feed-forward network: weights, their gradients and scratch memory for minibatches up to a capacity, all taken once.
///
/// A pass forward leaves what the passes backward over it need. Not thread-safe.
public final class Network {

    private final Architecture architecture;
    private final Parameters weights;
    private final Parameters gradients;
    private final Parameters statistics; // batch norm's running ones; not learned by gradient
    private final List<Layer> layers = new ArrayList<>();
    private final long parameterCount;
    private final int bottom; // the first layer that learns; those below it, if any, only pass gradients on

    /// @param capacity the largest minibatch
    /// @param seed the key of dropout's random numbers
    /// @param stream tells this network's random numbers from others', in [0, 128)
    public Network(Architecture architecture, Kernels kernels, long capacity, long seed, int stream) {
        this.architecture = architecture;
        var learned = new Parameters.Layout();
        var tracked = new Parameters.Layout();
        for (int i = 0; i < architecture.layers().size(); i++) {
            declare(i, learned, tracked);
        }
        parameterCount = learned.size();
        bottom = (int) architecture.layers().stream().takeWhile(LayerSpec.Dropout.class::isInstance).count();
        weights = learned.allocate(kernels);
        gradients = learned.allocate(kernels);
        statistics = tracked.allocate(kernels);
        for (int i = 0; i < architecture.layers().size(); i++) {
            layers.add(build(i, kernels, capacity, seed, (stream << 8 | i) << 8));
        }
    }

    private void declare(int i, Parameters.Layout learned, Parameters.Layout tracked) {
        long in = architecture.features(i);
        long out = architecture.features(i + 1);
        switch (architecture.layers().get(i)) {
            case LayerSpec.Dense _,LayerSpec.Output _ -> {
                learned.add(i + ".weight", in, out);
                learned.add(i + ".bias", out);
            }
            case LayerSpec.Maxout(int units, int pieces) -> {
                learned.add(i + ".weight", in, (long) units * pieces);
                learned.add(i + ".bias", (long) units * pieces);
            }
            case LayerSpec.BatchNorm _ -> {
                learned.add(i + ".gamma", out);
                learned.add(i + ".beta", out);
                tracked.add(i + ".running_mean", out);
                tracked.add(i + ".running_variance", out);
            }
            case LayerSpec.Dropout _ -> {}
        }
    }

    private Layer build(int i, Kernels kernels, long capacity, long seed, int stream) {
        var binding = new Binding(i + ".", weights, gradients, statistics);
        return switch (architecture.layers().get(i)) {
            case LayerSpec.Dense(_, var activation) -> new DenseLayer(kernels, capacity, activation, binding);
            case LayerSpec.Output(var activation) -> new DenseLayer(kernels, capacity, activation, binding);
            case LayerSpec.Maxout(_, int pieces) -> new MaxoutLayer(kernels, capacity, pieces, binding);
            case LayerSpec.Dropout(float keep) -> new DropoutLayer(kernels, capacity, architecture.features(i), keep, seed, stream);
            case LayerSpec.BatchNorm(var activation) -> new BatchNormLayer(kernels, capacity, 1, activation, binding);
        };
    }

    /// `x[n, in]` → `y[n, out]`. y belongs to the network and holds until the next pass forward; x must stay as it is until the
    /// passes backward are done.
    public Tensor forward(Tensor x, Pass pass) {
        var y = x;
        for (var layer : layers) {
            y = layer.forward(y, pass);
        }
        return y;
    }

    /// Backpropagates `dy[n, out]` (overwritten) over the last pass forward down to the first layer that learns and, if `parameters`,
    /// computes [#gradients] (added to what is there if `accumulate`).
    public void backward(Tensor dy, boolean parameters, boolean accumulate) {
        var gradient = dy;
        for (int i = layers.size() - 1; i > bottom; i--) {
            layers.get(i).backward(gradient, parameters, accumulate);
            gradient = layers.get(i).inputGradient(0, dy.extent(0));
        }
        layers.get(bottom).backward(gradient, parameters, accumulate);
    }

    /// The gradient at rows [from, from + count) of the last pass' input, `[count, in]`, after [#backward]. It belongs to the network
    /// and holds until the next backward.
    public Tensor inputGradient(long from, long count) {
        var gradient = layers.get(bottom).inputGradient(from, count);
        for (int i = bottom - 1; i >= 0; i--) {
            layers.get(i).backward(gradient, false, false);
            gradient = layers.get(i).inputGradient(from, count);
        }
        return gradient;
    }

    /// Whether a sample's output depends on the other samples of its minibatch.
    public boolean crossSample() {
        return layers.stream().anyMatch(Layer::crossSample);
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
        return parameterCount;
    }
}
