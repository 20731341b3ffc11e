package dev.vertigan.tensor;

import static jdk.incubator.vector.VectorOperators.LE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Bias and activation, forward and backward. A NaN goes through every activation and its derivative.
final class SimdActivations {

    private static final long GRAIN = 1 << 14; // elements worth a thread

    private final Workers workers;

    SimdActivations(Workers workers) {
        this.workers = workers;
    }

    static FloatVector apply(Activation.Kind kind, float slope, FloatVector x) {
        return switch (kind) {
            case LINEAR -> x;
            case RELU -> x.blend(0f, x.compare(LE, 0f));
            case LEAKY_RELU -> x.blend(x.mul(slope), x.compare(LE, 0f));
            case TANH -> FloatMath.tanh(x);
            case SIGMOID -> FloatMath.sigmoid(x);
        };
    }

    /// `dy ⊙ activation'(y)`.
    static FloatVector backward(Activation.Kind kind, float slope, FloatVector y, FloatVector dy) {
        return switch (kind) {
            case LINEAR -> dy;
            case RELU -> dy.blend(0f, y.compare(LE, 0f));
            case LEAKY_RELU -> dy.blend(dy.mul(slope), y.compare(LE, 0f));
            case TANH -> dy.mul(y.neg().fma(y, FloatVector.broadcast(Lanes.F, 1f)));
            case SIGMOID -> dy.mul(y).mul(FloatVector.broadcast(Lanes.F, 1f).sub(y));
        };
    }

    void biasActivate(Tensor x, Tensor bias, Activation activation) {
        int channels = Shapes.channels("x", x);
        Shapes.vector("bias", bias, channels);
        int positions = Shapes.positions(x);
        if (x.size() == 0) {
            return;
        }
        MemorySegment xs = x.segment();
        MemorySegment biases = bias.segment();
        if (positions == 1) {
            long grain = Math.max(1, GRAIN / channels);
            workers.splitRows(x.extent(0), grain, (from, to) -> rows(xs, biases, activation, from, to, channels));
        } else {
            long grain = Math.max(1, GRAIN / positions);
            workers.splitRows(x.extent(0) * channels, grain, (from, to) -> planes(xs, biases, activation, from, to, channels, positions));
        }
    }

    private static void rows(MemorySegment x, MemorySegment bias, Activation activation, long from, long to, int channels) {
        Activation.Kind kind = activation.kind();
        float slope = activation.slope();
        int whole = (int) Lanes.wholeEnd(0, channels);
        VectorMask<Float> rest = Lanes.before(whole, channels);
        for (long row = from; row < to; row++) {
            long at = row * channels;
            for (int c = 0; c < whole; c += Lanes.L) {
                Lanes.store(apply(kind, slope, Lanes.load(x, at + c).add(Lanes.load(bias, c))), x, at + c);
            }
            if (whole < channels) {
                Lanes.store(apply(kind, slope, Lanes.load(x, at + whole, rest).add(Lanes.load(bias, whole, rest))), x, at + whole, rest);
            }
        }
    }

    private static void planes(MemorySegment x, MemorySegment bias, Activation activation, long from, long to, int channels, int positions) {
        Activation.Kind kind = activation.kind();
        float slope = activation.slope();
        int whole = (int) Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = Lanes.before(whole, positions);
        for (long plane = from; plane < to; plane++) {
            long at = plane * positions;
            FloatVector shift = FloatVector.broadcast(Lanes.F, bias.getAtIndex(ValueLayout.JAVA_FLOAT, plane % channels));
            for (int s = 0; s < whole; s += Lanes.L) {
                Lanes.store(apply(kind, slope, Lanes.load(x, at + s).add(shift)), x, at + s);
            }
            if (whole < positions) {
                Lanes.store(apply(kind, slope, Lanes.load(x, at + whole, rest).add(shift)), x, at + whole, rest);
            }
        }
    }

    void activateBackward(Tensor y, Tensor dy, Activation activation) {
        Shapes.same("dy", dy, y);
        MemorySegment ys = y.segment();
        MemorySegment dys = dy.segment();
        Activation.Kind kind = activation.kind();
        float slope = activation.slope();
        workers.split(y.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += Lanes.L) {
                Lanes.store(backward(kind, slope, Lanes.load(ys, i), Lanes.load(dys, i)), dys, i);
            }
            if (whole < to) {
                VectorMask<Float> rest = Lanes.before(whole, to);
                Lanes.store(backward(kind, slope, Lanes.load(ys, whole, rest), Lanes.load(dys, whole, rest)), dys, whole, rest);
            }
        });
    }

    void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        int channels = Shapes.channels("y", y);
        Shapes.same("dy", dy, y);
        Shapes.vector("dbias", dbias, channels);
        int positions = Shapes.positions(y);
        MemorySegment ys = y.segment();
        MemorySegment dys = dy.segment();
        MemorySegment sums = dbias.segment();
        if (!accumulate) {
            sums.fill((byte) 0);
        }
        if (y.size() == 0) {
            return;
        }
        long grain = Math.max(1, GRAIN * channels / y.size()); // in channels: each sum is one thread's
        if (positions == 1) {
            workers.split(channels, Math.max(64, grain), (from, to) -> sumColumns(ys, dys, activation, sums, y.extent(0), channels, from, to));
        } else {
            workers.splitRows(channels, grain, (from, to) -> {
                for (long c = from; c < to; c++) {
                    float sum = sumPlanes(ys, dys, activation, y.extent(0), channels, positions, c);
                    sums.setAtIndex(ValueLayout.JAVA_FLOAT, c, sums.getAtIndex(ValueLayout.JAVA_FLOAT, c) + sum);
                }
            });
        }
    }

    private static void sumColumns(MemorySegment y, MemorySegment dy, Activation activation, MemorySegment sums, long rows, int channels, long from, long to) {
        Activation.Kind kind = activation.kind();
        float slope = activation.slope();
        long whole = Lanes.wholeEnd(from, to);
        VectorMask<Float> rest = Lanes.before(whole, to);
        for (long row = 0; row < rows; row++) {
            long at = row * channels;
            for (long c = from; c < whole; c += Lanes.L) {
                FloatVector gradient = backward(kind, slope, Lanes.load(y, at + c), Lanes.load(dy, at + c));
                Lanes.store(gradient, dy, at + c);
                Lanes.store(Lanes.load(sums, c).add(gradient), sums, c);
            }
            if (whole < to) {
                FloatVector gradient = backward(kind, slope, Lanes.load(y, at + whole, rest), Lanes.load(dy, at + whole, rest));
                Lanes.store(gradient, dy, at + whole, rest);
                Lanes.store(Lanes.load(sums, whole, rest).add(gradient), sums, whole, rest);
            }
        }
    }

    private static float sumPlanes(MemorySegment y, MemorySegment dy, Activation activation, long rows, int channels, int positions, long channel) {
        Activation.Kind kind = activation.kind();
        float slope = activation.slope();
        int whole = (int) Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = Lanes.before(whole, positions);
        FloatVector sum = Lanes.zero();
        for (long row = 0; row < rows; row++) {
            long at = (row * channels + channel) * positions;
            for (int s = 0; s < whole; s += Lanes.L) {
                FloatVector gradient = backward(kind, slope, Lanes.load(y, at + s), Lanes.load(dy, at + s));
                Lanes.store(gradient, dy, at + s);
                sum = sum.add(gradient);
            }
            if (whole < positions) {
                FloatVector gradient = backward(kind, slope, Lanes.load(y, at + whole, rest), Lanes.load(dy, at + whole, rest));
                Lanes.store(gradient, dy, at + whole, rest);
                // lanes past the end hold act'(0) · 0: zero for every activation
                sum = sum.add(gradient);
            }
        }
        return Lanes.sum(sum);
    }
}
