package dev.vertigan.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Batch norm of `[n, c]` (lanes run over channels) and `[n, c, s]` (lanes run over positions). One thread makes a channel's
/// statistics from beginning to end, in row order, so the bits do not depend on the threads.
final class SimdBatchNorm {

    private static final long GRAIN = 1 << 13; // elements worth a thread

    private final Workers workers;
    private final SimdActivations activations;
    private MemorySegment sums = MemorySegment.NULL; // [2, c]

    SimdBatchNorm(Workers workers, SimdActivations activations) {
        this.workers = workers;
        this.activations = activations;
    }

    /// The memory of one batch norm's tensors; forward passes use no gradients, and give y for dx.
    ///
    /// @param sums `[2, c]` of scratch
    /// @param channels c of `[n, c, s]`
    /// @param positions s of `[n, c, s]`
    record Task(MemorySegment x, MemorySegment y, MemorySegment dy, MemorySegment dx, MemorySegment gamma, MemorySegment beta,
            MemorySegment mean, MemorySegment variance, MemorySegment dgamma, MemorySegment dbeta, MemorySegment sums,
            int rows, int channels, int positions, float epsilon, SimdActivations.Bend bend) {

        /// Where the plane of a row's channel ends; it is `positions` long.
        long end(long row, int channel) {
            return (row * channels + channel + 1) * positions;
        }
    }

    void forward(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y,
            boolean ownStatistics) {
        int channels = check(x, gamma, mean, variance, epsilon);
        Shapes.vector("beta", beta, channels);
        Shapes.same("y", y, x);
        Task task = new Task(x.segment(), y.segment(), y.segment(), y.segment(), gamma.segment(), beta.segment(), mean.segment(), variance.segment(),
                gamma.segment(), beta.segment(), sums, Math.toIntExact(x.extent(0)), channels, Shapes.positions(x), epsilon,
                SimdActivations.Bend.of(activation));
        if (x.size() == 0) {
            return;
        }
        if (task.positions == 1) {
            split(task, 16, (from, to) -> {
                if (ownStatistics) {
                    BatchNormColumns.statistics(task, from, to);
                }
                BatchNormColumns.normalise(task, from, to);
            });
        } else {
            split(task, 1, (from, to) -> {
                for (long channel = from; channel < to; channel++) {
                    if (ownStatistics) {
                        BatchNormPlanes.statistics(task, (int) channel);
                    }
                    BatchNormPlanes.normalise(task, (int) channel);
                }
            });
        }
        if (SimdActivations.curved(activation)) {
            activations.curve(task.y, y.size(), activation.kind());
        }
    }

    void backward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        int channels = check(x, gamma, mean, variance, epsilon);
        Shapes.same("y", y, x);
        Shapes.same("dy", dy, x);
        Shapes.same("dx", dx, x);
        Shapes.vector("dgamma", dgamma, channels);
        Shapes.vector("dbeta", dbeta, channels);
        if (!accumulate) {
            dgamma.segment().fill((byte) 0);
            dbeta.segment().fill((byte) 0);
        }
        if (x.size() == 0) {
            return;
        }
        Task task = new Task(x.segment(), y.segment(), dy.segment(), dx.segment(), gamma.segment(), gamma.segment(), mean.segment(),
                variance.segment(), dgamma.segment(), dbeta.segment(), sums(channels), Math.toIntExact(x.extent(0)), channels,
                Shapes.positions(x), epsilon, SimdActivations.Bend.of(activation));
        if (SimdActivations.curved(activation)) {
            activations.curveBackward(task.y, task.dy, y.size(), activation.kind());
        }
        if (task.positions == 1) {
            split(task, 16, (from, to) -> {
                BatchNormColumns.parameters(task, from, to);
                BatchNormColumns.inputs(task, from, to);
            });
        } else {
            split(task, 1, (from, to) -> {
                for (long channel = from; channel < to; channel++) {
                    BatchNormPlanes.parameters(task, (int) channel);
                    BatchNormPlanes.inputs(task, (int) channel);
                }
            });
        }
    }

    private static int check(Tensor x, Tensor gamma, Tensor mean, Tensor variance, float epsilon) {
        int channels = Shapes.channels("x", x);
        Shapes.vector("gamma", gamma, channels);
        Shapes.vector("mean", mean, channels);
        Shapes.vector("variance", variance, channels);
        Shapes.positive("epsilon", epsilon);
        return channels;
    }

    private MemorySegment sums(int channels) {
        if (sums.byteSize() < 2L * channels * Float.BYTES) {
            sums = Arena.ofAuto().allocate(2L * channels * Float.BYTES, 64);
        }
        return sums;
    }

    private void split(Task task, int least, Workers.RangeJob job) {
        long grain = Math.max(least, GRAIN / ((long) task.rows * task.positions));
        if (task.positions == 1) {
            workers.split(task.channels, grain, job);
        } else {
            workers.splitRows(task.channels, grain, job);
        }
    }
}
