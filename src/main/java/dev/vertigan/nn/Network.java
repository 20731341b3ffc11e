package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;

/// A feed-forward network's numbers. Images go in and out as rows, `[n, height · width · channels]`. It computes by [Trace]s.
public final class Network {

    private static final float RUNNING_DECAY = 0.9f; // the share of its past a running statistic keeps per minibatch

    private final Architecture architecture;
    private final Kernels kernels;
    private final long seed;
    private final int stream;
    private final Parameters weights;
    private final Parameters statistics; // batch norm's running ones; not learned by gradient

    /// @param seed the key of dropout's random numbers
    /// @param stream tells this network's random numbers from others', in [0, 128)
    public Network(Architecture architecture, Kernels kernels, long seed, int stream) {
        this.architecture = architecture;
        this.kernels = kernels;
        this.seed = seed;
        this.stream = stream;
        var declarations = architecture.declare();
        weights = declarations.learned().allocate(kernels);
        statistics = declarations.tracked().allocate(kernels);
    }

    /// Memory for a pass.
    ///
    /// @param capacity the largest minibatch
    public Trace trace(long capacity) {
        return trace(capacity, kernels);
    }

    /// Memory for a pass on other kernels of the same kind, so that several may compute at once.
    public Trace trace(long capacity, Kernels on) {
        var binding = new Binding(on, capacity, seed, stream << 16, "", weights, statistics);
        return new Trace(this, new SequenceLayer(architecture.layers(), architecture.input().flat(), architecture.output().flat(), binding), on,
                capacity);
    }

    /// Has the running statistics learn from those of a minibatch, which a pass left.
    public void track(Parameters seen) {
        if (seen.flat().size() > 0) {
            kernels.movingAverage(statistics.flat(), seen.flat(), RUNNING_DECAY);
        }
    }

    void requirePiecewiseLinear() {
        architecture.smoothLayer().ifPresent(layer -> {
            throw new IllegalStateException("expected a network of linear pieces (linear, relu, leaky-relu, maxout, dropout, conv, deconv, "
                    + "resampling, residual), found " + layer + ", whose curvature a tangent pass does not see");
        });
    }

    /// Tells what it does, without training, operation by operation: of samples of [#inputShape] those of [#outputShape].
    ///
    /// @param x the name of what comes in
    /// @return the name of what comes out
    public String unroll(Operations operations, String x) {
        return new Unrolling(operations, weights, statistics).sequence(architecture.layers(), architecture.input(), architecture.output(), x);
    }

    /// Of what comes in, without the minibatch: `[f]` or `[h, w, c]`.
    public long[] inputShape() {
        return extents(architecture.input());
    }

    /// Of what comes out, likewise.
    public long[] outputShape() {
        return extents(architecture.output());
    }

    private static long[] extents(Shape shape) {
        return shape.extents().stream().mapToLong(extent -> extent).toArray();
    }

    public Architecture architecture() {
        return architecture;
    }

    public Parameters weights() {
        return weights;
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
