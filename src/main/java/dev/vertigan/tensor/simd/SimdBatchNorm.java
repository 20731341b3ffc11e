package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;

/// Batch norm of `[n.., c]`, lanes over channels. Sums run in an order that depends on the shape alone, so the bits do not depend on the
/// threads: one thread takes a channel's sum from beginning to end, or, where there are many rows (images), that of a chunk of them.
final class SimdBatchNorm {

    private static final long GRAIN = 1 << 13; // elements worth a thread

    private final Workers workers;
    private final SimdActivations activations;
    private final Scratch scratch = new Scratch();

    SimdBatchNorm(Workers workers, SimdActivations activations) {
        this.workers = workers;
        this.activations = activations;
    }

    /// The memory of one batch norm's tensors, or of a chunk of their rows; forward passes use no gradients, and give y for dx.
    ///
    /// @param sums `[2, c]` of scratch
    /// @param rows here
    /// @param all rows that the statistics and sums are of
    record Task(long x, long y, long dy, long dx, long gamma, long beta,
            long mean, long variance, long dgamma, long dbeta, long sums,
            int rows, int all, int channels, float epsilon, SimdActivations.Bend bend) {

        /// The same for some rows.
        Task part(long from, int count) {
            long offset = 4 * from * channels;
            return new Task(x + offset, y + offset, dy + offset, dx + offset, gamma, beta, mean, variance, dgamma, dbeta, sums, count, all, channels,
                    epsilon, bend);
        }

        /// The same with its statistics elsewhere.
        Task statisticsAt(long place) {
            return new Task(x, y, dy, dx, gamma, beta, place, place + 4L * channels, dgamma, dbeta, sums, rows, all, channels, epsilon, bend);
        }

        /// The same with its gradients' sums, and what they are added to, elsewhere.
        Task sumsAt(long place) {
            return new Task(x, y, dy, dx, gamma, beta, mean, variance, place + 12L * channels, place + 8L * channels, place, rows, all, channels,
                    epsilon, bend);
        }
    }

    /// One pass over channels [from, to).
    private interface Pass {
        void run(Task task, long from, long to);
    }

    /// Whole vectors of channels, then what is left.
    private static void pass(Task task, long from, long to, Pass columns, Pass tail) {
        long whole = Lanes.wholeEnd(from, to);
        if (from < whole) {
            columns.run(task, from, whole);
        }
        if (whole < to) {
            tail.run(task, whole, to);
        }
    }

    private static void statistics(Task task, long from, long to) {
        pass(task, from, to, BatchNormColumns::statistics, BatchNormTail::statistics);
    }

    private static void normalise(Task task, long from, long to) {
        pass(task, from, to, BatchNormColumns::normalise, BatchNormTail::normalise);
    }

    private static void parameters(Task task, long from, long to) {
        pass(task, from, to, BatchNormColumns::parameters, BatchNormTail::parameters);
    }

    private static void inputs(Task task, long from, long to) {
        pass(task, from, to, BatchNormColumns::inputs, BatchNormTail::inputs);
    }

    void forward(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y,
            boolean ownStatistics) {
        int channels = Shapes.batchNorm(x, y, gamma, mean, variance, epsilon);
        Shapes.vector("beta", beta, channels);
        int rows = Math.toIntExact(Shapes.rows(x));
        Task task = new Task(x.address(), y.address(), y.address(), y.address(), gamma.address(), beta.address(), mean.address(), variance.address(),
                gamma.address(), beta.address(), 0, rows, rows, channels, epsilon, SimdActivations.Bend.of(activation));
        if (x.size() == 0) {
            return;
        }
        if (task.rows <= Chunks.TALL) {
            split(task, (from, to) -> {
                if (ownStatistics) {
                    statistics(task, from, to);
                }
                normalise(task, from, to);
            });
        } else {
            var chunks = Chunks.of(task.rows, channels);
            if (ownStatistics) {
                tallStatistics(task, chunks);
            }
            workers.run(chunks.count(), chunk -> normalise(task.part(chunks.from(chunk), chunks.rows(chunk)), 0, channels));
        }
        if (SimdActivations.curved(activation)) {
            activations.curve(task.y, y.size(), activation.kind());
        }
    }

    /// Means and variances of chunks, put together exactly (Chan et al. 1979).
    private void tallStatistics(Task task, Chunks chunks) {
        int channels = task.channels;
        long partial = scratch.floats(2L * chunks.count() * channels); // [chunks, 2, channels]: means, variances
        workers.run(chunks.count(), chunk -> statistics(
                task.part(chunks.from(chunk), chunks.rows(chunk)).statisticsAt(partial + 8L * chunk * channels), 0, channels));
        workers.split(channels, 64, (from, to) -> {
            for (long c = from; c < to; c++) {
                double mean = 0;
                for (int chunk = 0; chunk < chunks.count(); chunk++) {
                    mean += (double) chunks.rows(chunk) / task.rows * ALL.get(JAVA_FLOAT, partial + 8L * chunk * channels + 4 * c);
                }
                double variance = 0;
                for (int chunk = 0; chunk < chunks.count(); chunk++) {
                    long at = partial + 8L * chunk * channels + 4 * c;
                    double apart = ALL.get(JAVA_FLOAT, at) - mean;
                    variance += (double) chunks.rows(chunk) / task.rows * (ALL.get(JAVA_FLOAT, at + 4L * channels) + apart * apart);
                }
                ALL.set(JAVA_FLOAT, task.mean + 4 * c, (float) mean);
                ALL.set(JAVA_FLOAT, task.variance + 4 * c, (float) variance);
            }
        });
    }

    void backward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        int channels = Shapes.batchNorm(x, y, gamma, mean, variance, epsilon);
        Shapes.same("dy", dy, x);
        Shapes.batchNormGradients(x, dx, dgamma, dbeta);
        if (!accumulate) {
            Lanes.fillZero(dgamma.address(), channels);
            Lanes.fillZero(dbeta.address(), channels);
        }
        if (x.size() == 0) {
            return;
        }
        int rows = Math.toIntExact(Shapes.rows(x));
        var chunks = Chunks.of(rows, channels);
        boolean tall = rows > Chunks.TALL;
        // [2, c], and [chunks, 4, c] behind it
        long sums = scratch.floats((tall ? 4L * chunks.count() + 2 : 2) * channels);
        Task task = new Task(x.address(), y.address(), dy.address(), dx.address(), gamma.address(), gamma.address(), mean.address(),
                variance.address(), dgamma.address(), dbeta.address(), sums, rows, rows, channels, epsilon, SimdActivations.Bend.of(activation));
        if (SimdActivations.curved(activation)) {
            activations.curveBackward(task.y, task.dy, y.size(), activation.kind());
        }
        if (tall) {
            tallParameters(task, chunks, sums + 8L * channels);
            workers.run(chunks.count(), chunk -> inputs(task.part(chunks.from(chunk), chunks.rows(chunk)), 0, channels));
        } else {
            split(task, (from, to) -> {
                parameters(task, from, to);
                inputs(task, from, to);
            });
        }
    }

    /// @param partial `[chunks, 4, c]` of scratch: the two sums of a chunk, and twice what nobody reads
    private void tallParameters(Task task, Chunks chunks, long partial) {
        int channels = task.channels;
        workers.run(chunks.count(), chunk -> parameters(
                task.part(chunks.from(chunk), chunks.rows(chunk)).sumsAt(partial + 16L * chunk * channels), 0, channels));
        Lanes.fillZero(task.sums, 2L * channels);
        for (int chunk = 0; chunk < chunks.count(); chunk++) {
            Chunks.add(partial + 16L * chunk * channels, task.sums, 2 * channels);
        }
        Chunks.add(task.sums, task.dbeta, channels);
        Chunks.add(task.sums + 4L * channels, task.dgamma, channels);
    }

    /// By channels, in multiples of 64 so that only the last thread has channels left over.
    private void split(Task task, Workers.RangeJob job) {
        workers.split(task.channels, Math.max(64, GRAIN / task.rows), job);
    }
}
