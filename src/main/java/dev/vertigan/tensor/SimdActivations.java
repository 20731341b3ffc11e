package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Bias and activation, forward and backward. A NaN goes through every activation and its derivative.
///
/// Linear, ReLU and leaky ReLU are one branch-free expression, fused into the loops ([Bend]); tanh and sigmoid take a second pass,
/// which costs little beside their arithmetic. (A loop over vectors that branches on the kind makes the compiler box them.)
final class SimdActivations {

    private static final long GRAIN = 1 << 14; // elements worth a thread
    private static final long CURVED_GRAIN = 1 << 11;

    private final Workers workers;
    private final MemorySegment spare = Arena.ofAuto().allocate(Lanes.BYTES, Lanes.BYTES);

    SimdActivations(Workers workers) {
        this.workers = workers;
    }

    /// A piecewise linear function: x where positive, else `slope · x`, or 0 if not `keep`.
    ///
    /// @param keep all bits set, or none: 0 · x would be NaN for an infinite x
    record Bend(float slope, int keep) {

        private static final Bend NONE = new Bend(1, -1);
        private static final Bend RELU = new Bend(1, 0);

        /// The piecewise linear part of an activation: all of it, or nothing for the curved ones.
        static Bend of(Activation activation) {
            return switch (activation.kind()) {
                case LINEAR, TANH, SIGMOID -> NONE;
                case RELU -> RELU;
                case LEAKY_RELU -> new Bend(activation.slope(), -1);
            };
        }
    }

    static boolean curved(Activation activation) {
        return activation.kind() == Activation.Kind.TANH || activation.kind() == Activation.Kind.SIGMOID;
    }

    /// In place, tanh or sigmoid.
    void curve(MemorySegment x, long size, Activation.Kind kind) {
        long whole = Lanes.wholeEnd(0, size);
        if (kind == Activation.Kind.TANH) {
            workers.split(whole, CURVED_GRAIN, (from, to) -> FloatMath.tanh(x, from, to));
        } else {
            workers.split(whole, CURVED_GRAIN, (from, to) -> FloatMath.sigmoid(x, from, to));
        }
        if (whole < size) { // the rest in a vector of its own
            MemorySegment rest = x.asSlice(4 * whole, 4 * (size - whole));
            spare.asSlice(0, rest.byteSize()).copyFrom(rest);
            curve(spare, L, kind);
            rest.copyFrom(spare.asSlice(0, rest.byteSize()));
        }
    }

    /// In place: `dy = dy ⊙ curve'(y)`: dy · (1 − y) · (1 + y) for tanh, dy · (1 − y) · y for sigmoid.
    void curveBackward(MemorySegment y, MemorySegment dy, long size, Activation.Kind kind) {
        float shift = kind == Activation.Kind.TANH ? 1 : 0;
        workers.split(size, GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                FloatVector output = fromMemorySegment(F, y, 4 * i, ORDER);
                FloatVector gradient = fromMemorySegment(F, dy, 4 * i, ORDER);
                gradient.mul(broadcast(F, 1f).sub(output)).mul(output.add(shift)).intoMemorySegment(dy, 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                float output = y.getAtIndex(JAVA_FLOAT, i);
                dy.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * (1 - output) * (output + shift));
            }
        });
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
        Bend bend = Bend.of(activation);
        if (positions == 1) {
            long grain = Math.max(1, GRAIN / channels);
            workers.splitRows(x.extent(0), grain, (from, to) -> rows(xs, biases, bend, from, to, channels));
        } else {
            long grain = Math.max(1, GRAIN / positions);
            workers.splitRows(x.extent(0) * channels, grain, (from, to) -> planes(xs, biases, bend, from, to, channels, positions));
        }
        if (curved(activation)) {
            curve(xs, x.size(), activation.kind());
        }
    }

    private static void rows(MemorySegment x, MemorySegment bias, Bend bend, long from, long to, int channels) {
        float slope = bend.slope;
        int keep = bend.keep;
        long whole = Lanes.wholeEnd(0, channels);
        VectorMask<Float> rest = F.indexInRange(whole, channels);
        for (long row = from; row < to; row++) {
            long at = 4 * row * channels;
            for (long c = 0; c < 4 * whole; c += Lanes.BYTES) {
                FloatVector value = fromMemorySegment(F, x, at + c, ORDER).add(fromMemorySegment(F, bias, c, ORDER));
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(x, at + c, ORDER);
            }
            if (whole < channels) {
                FloatVector value = fromMemorySegment(F, x, at + 4 * whole, ORDER, rest).add(fromMemorySegment(F, bias, 4 * whole, ORDER, rest));
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(x, at + 4 * whole, ORDER, rest);
            }
        }
    }

    private static void planes(MemorySegment x, MemorySegment bias, Bend bend, long from, long to, int channels, int positions) {
        float slope = bend.slope;
        int keep = bend.keep;
        long whole = Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = F.indexInRange(whole, positions);
        for (long plane = from; plane < to; plane++) {
            long at = 4 * plane * positions;
            FloatVector shift = broadcast(F, bias.getAtIndex(JAVA_FLOAT, plane % channels));
            for (long s = 0; s < 4 * whole; s += Lanes.BYTES) {
                FloatVector value = fromMemorySegment(F, x, at + s, ORDER).add(shift);
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(x, at + s, ORDER);
            }
            if (whole < positions) {
                FloatVector value = fromMemorySegment(F, x, at + 4 * whole, ORDER, rest).add(shift);
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(x, at + 4 * whole, ORDER, rest);
            }
        }
    }

    void activateBackward(Tensor y, Tensor dy, Activation activation) {
        Shapes.same("dy", dy, y);
        MemorySegment ys = y.segment();
        MemorySegment dys = dy.segment();
        if (curved(activation)) {
            curveBackward(ys, dys, y.size(), activation.kind());
        } else if (activation.kind() != Activation.Kind.LINEAR) {
            Bend bend = Bend.of(activation);
            workers.split(y.size(), GRAIN, (from, to) -> bendBackward(ys, dys, bend, from, to));
        }
    }

    private static void bendBackward(MemorySegment y, MemorySegment dy, Bend bend, long from, long to) {
        float slope = bend.slope;
        int keep = bend.keep;
        long whole = Lanes.wholeEnd(from, to);
        for (long i = 4 * from; i < 4 * whole; i += Lanes.BYTES) {
            FloatVector gradient = fromMemorySegment(F, dy, i, ORDER);
            FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
            gradient.blend(bent, fromMemorySegment(F, y, i, ORDER).compare(LE, 0f)).intoMemorySegment(dy, i, ORDER);
        }
        if (whole < to) {
            VectorMask<Float> rest = F.indexInRange(whole, to);
            FloatVector gradient = fromMemorySegment(F, dy, 4 * whole, ORDER, rest);
            FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
            gradient.blend(bent, fromMemorySegment(F, y, 4 * whole, ORDER, rest).compare(LE, 0f)).intoMemorySegment(dy, 4 * whole, ORDER, rest);
        }
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
        if (curved(activation)) {
            curveBackward(ys, dys, y.size(), activation.kind());
        }
        Bend bend = Bend.of(activation);
        long rows = y.extent(0);
        long grain = Math.max(1, GRAIN * channels / y.size()); // in channels: each sum is one thread's
        if (positions == 1) {
            workers.split(channels, Math.max(64, grain), (from, to) -> sumColumns(ys, dys, bend, sums, rows, channels, from, to));
        } else {
            workers.splitRows(channels, grain, (from, to) -> {
                for (long c = from; c < to; c++) {
                    float sum = sumPlanes(ys, dys, bend, rows, channels, positions, c);
                    sums.setAtIndex(JAVA_FLOAT, c, sums.getAtIndex(JAVA_FLOAT, c) + sum);
                }
            });
        }
    }

    /// The sums of columns [from, to) stay in the first cache while the rows stream by.
    private static void sumColumns(MemorySegment y, MemorySegment dy, Bend bend, MemorySegment sums, long rows, int channels, long from, long to) {
        float slope = bend.slope;
        int keep = bend.keep;
        long whole = Lanes.wholeEnd(from, to);
        VectorMask<Float> rest = F.indexInRange(whole, to);
        for (long row = 0; row < rows; row++) {
            long at = 4 * row * channels;
            for (long c = 4 * from; c < 4 * whole; c += Lanes.BYTES) {
                FloatVector gradient = fromMemorySegment(F, dy, at + c, ORDER);
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, y, at + c, ORDER).compare(LE, 0f));
                gradient.intoMemorySegment(dy, at + c, ORDER);
                fromMemorySegment(F, sums, c, ORDER).add(gradient).intoMemorySegment(sums, c, ORDER);
            }
            if (whole < to) {
                long c = 4 * whole;
                FloatVector gradient = fromMemorySegment(F, dy, at + c, ORDER, rest);
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, y, at + c, ORDER, rest).compare(LE, 0f));
                gradient.intoMemorySegment(dy, at + c, ORDER, rest);
                fromMemorySegment(F, sums, c, ORDER, rest).add(gradient).intoMemorySegment(sums, c, ORDER, rest);
            }
        }
    }

    private static float sumPlanes(MemorySegment y, MemorySegment dy, Bend bend, long rows, int channels, int positions, long channel) {
        float slope = bend.slope;
        int keep = bend.keep;
        long whole = Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = F.indexInRange(whole, positions);
        FloatVector sum = FloatVector.zero(F);
        for (long row = 0; row < rows; row++) {
            long at = 4 * (row * channels + channel) * positions;
            for (long s = at; s < at + 4 * whole; s += Lanes.BYTES) {
                FloatVector gradient = fromMemorySegment(F, dy, s, ORDER);
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, y, s, ORDER).compare(LE, 0f));
                gradient.intoMemorySegment(dy, s, ORDER);
                sum = sum.add(gradient);
            }
            if (whole < positions) {
                long s = at + 4 * whole;
                FloatVector gradient = fromMemorySegment(F, dy, s, ORDER, rest);
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, y, s, ORDER, rest).compare(LE, 0f));
                gradient.intoMemorySegment(dy, s, ORDER, rest);
                sum = sum.add(gradient); // 0 in the lanes past the end
            }
        }
        return Lanes.sum(sum);
    }
}
