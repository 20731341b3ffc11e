package dev.vertigan.tensor;

/// Batch norm of `[n, c]` (lanes run over channels) and `[n, c, s]` (lanes run over positions). One thread makes a channel's
/// statistics from beginning to end, in row order, so the bits do not depend on the threads.
final class SimdBatchNorm {

    private static final long GRAIN = 1 << 13; // elements worth a thread

    private final Workers workers;
    private final SimdActivations activations;
    private final Scratch scratch = new Scratch();

    SimdBatchNorm(Workers workers, SimdActivations activations) {
        this.workers = workers;
        this.activations = activations;
    }

    /// The memory of one batch norm's tensors; forward passes use no gradients, and give y for dx.
    ///
    /// @param sums `[2, c]` of scratch
    /// @param channels c of `[n, c, s]`
    /// @param positions s of `[n, c, s]`
    record Task(long x, long y, long dy, long dx, long gamma, long beta,
            long mean, long variance, long dgamma, long dbeta, long sums,
            int rows, int channels, int positions, float epsilon, SimdActivations.Bend bend) {

        /// Where the plane of a row's channel begins; it is `positions` long.
        long plane(long row, int channel) {
            return (row * channels + channel) * positions;
        }

        /// How many positions of a plane fill whole vectors.
        int whole() {
            return (int) Lanes.wholeEnd(0, positions);
        }
    }

    /// One pass over whole vectors of channels of `[n, c]`.
    private interface Columns {
        void run(Task task, long from, long to);
    }

    /// The same pass over any channel.
    private interface Plane {
        void run(Task task, int channel);
    }

    void forward(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y,
            boolean ownStatistics) {
        int channels = check(x, gamma, mean, variance, epsilon);
        Shapes.vector("beta", beta, channels);
        Shapes.same("y", y, x);
        Task task = new Task(x.address(), y.address(), y.address(), y.address(), gamma.address(), beta.address(), mean.address(), variance.address(),
                gamma.address(), beta.address(), 0, Math.toIntExact(x.extent(0)), channels, Shapes.positions(x), epsilon,
                SimdActivations.Bend.of(activation));
        if (x.size() == 0) {
            return;
        }
        split(task, (from, to) -> {
            if (ownStatistics) {
                pass(task, from, to, BatchNormColumns::statistics, BatchNormPlanes::statistics);
            }
            pass(task, from, to, BatchNormColumns::normalise, BatchNormPlanes::normalise);
        });
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
            Lanes.fillZero(dgamma.address(), channels);
            Lanes.fillZero(dbeta.address(), channels);
        }
        if (x.size() == 0) {
            return;
        }
        Task task = new Task(x.address(), y.address(), dy.address(), dx.address(), gamma.address(), gamma.address(), mean.address(),
                variance.address(), dgamma.address(), dbeta.address(), scratch.floats(2L * channels), Math.toIntExact(x.extent(0)), channels,
                Shapes.positions(x), epsilon, SimdActivations.Bend.of(activation));
        if (SimdActivations.curved(activation)) {
            activations.curveBackward(task.y, task.dy, y.size(), activation.kind());
        }
        split(task, (from, to) -> {
            pass(task, from, to, BatchNormColumns::parameters, BatchNormPlanes::parameters);
            pass(task, from, to, BatchNormColumns::inputs, BatchNormPlanes::inputs);
        });
    }

    private static int check(Tensor x, Tensor gamma, Tensor mean, Tensor variance, float epsilon) {
        int channels = Shapes.channels("x", x);
        Shapes.vector("gamma", gamma, channels);
        Shapes.vector("mean", mean, channels);
        Shapes.vector("variance", variance, channels);
        Shapes.positive("epsilon", epsilon);
        return channels;
    }

    private static void pass(Task task, long from, long to, Columns columns, Plane plane) {
        long whole = task.positions == 1 ? Lanes.wholeEnd(from, to) : from;
        if (from < whole) {
            columns.run(task, from, whole);
        }
        for (long channel = whole; channel < to; channel++) {
            plane.run(task, (int) channel);
        }
    }

    /// By channels, in multiples of 64 of `[n, c]` so that only the last thread has channels left over.
    private void split(Task task, Workers.RangeJob job) {
        long grain = Math.max(1, GRAIN / ((long) task.rows * task.positions));
        if (task.positions == 1) {
            workers.split(task.channels, Math.max(64, grain), job);
        } else {
            workers.splitRows(task.channels, grain, job);
        }
    }
}
