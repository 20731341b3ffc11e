package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static dev.vertigan.tensor.Lanes.STRIP;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.FloatMath;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
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
    private static final int WIDE = 64; // elements of a row that is no longer narrow

    private final Workers workers;
    private final Scratch scratch = new Scratch();
    private final Scratch partials = new Scratch();

    SimdActivations(Workers workers) {
        this.workers = workers;
    }

    /// A piecewise linear function: x where positive, else `slope · x`, or 0 if `dead`.
    ///
    /// @param dead apart from a slope of 0, as 0 · x is NaN for an infinite x
    record Bend(float slope, boolean dead) {

        private static final Bend NONE = new Bend(1, false);
        private static final Bend RELU = new Bend(1, true);

        /// The piecewise linear part of an activation: all of it, or nothing for the curved ones.
        static Bend of(Activation activation) {
            return switch (activation.kind()) {
                case LINEAR, TANH, SIGMOID -> NONE;
                case RELU -> RELU;
                case LEAKY_RELU -> new Bend(activation.slope(), false);
            };
        }

        /// x bent where `sign` ≤ 0, as the loops over vectors have it.
        float apply(float x, float sign) {
            return sign <= 0 ? (dead ? 0 : x * slope) : x;
        }
    }

    static boolean curved(Activation activation) {
        return activation.kind() == Activation.Kind.TANH || activation.kind() == Activation.Kind.SIGMOID;
    }

    /// In place, tanh or sigmoid.
    void curve(long x, long size, Activation.Kind kind) {
        long whole = Lanes.wholeEnd(0, size);
        if (kind == Activation.Kind.TANH) {
            workers.split(whole, CURVED_GRAIN, (from, to) -> FloatMath.tanh(x, from, to));
        } else {
            workers.split(whole, CURVED_GRAIN, (from, to) -> FloatMath.sigmoid(x, from, to));
        }
        if (whole < size) { // the rest in a vector of its own
            long spare = scratch.floats(L);
            MemorySegment.copy(ALL, x + 4 * whole, ALL, spare, 4 * (size - whole));
            curve(spare, L, kind);
            MemorySegment.copy(ALL, spare, ALL, x + 4 * whole, 4 * (size - whole));
        }
    }

    /// In place: `dy = dy ⊙ curve'(y)`: dy · (1 − y) · (1 + y) for tanh, dy · (1 − y) · y for sigmoid.
    void curveBackward(long y, long dy, long size, Activation.Kind kind) {
        float shift = kind == Activation.Kind.TANH ? 1 : 0;
        workers.split(size, GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                FloatVector output = fromMemorySegment(F, ALL, y + 4 * i, ORDER);
                FloatVector gradient = fromMemorySegment(F, ALL, dy + 4 * i, ORDER);
                FloatVector product = gradient.mul(broadcast(F, 1f).sub(output)).mul(output.add(shift));
                product.blend(0f, product.lanewise(ABS).compare(LT, Float.MIN_NORMAL)).intoMemorySegment(ALL, dy + 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                float output = ALL.get(JAVA_FLOAT, y + 4L * i);
                ALL.set(JAVA_FLOAT, dy + 4L * i, Lanes.flushed(ALL.get(JAVA_FLOAT, dy + 4L * i) * (1 - output) * (output + shift)));
            }
        });
    }

    void biasActivate(Tensor x, Tensor bias, Activation activation) {
        int channels = Shapes.channels("x", x);
        Shapes.vector("bias", bias, channels);
        if (x.size() == 0) {
            return;
        }
        long xs = x.address();
        long biases = bias.address();
        var rows = rows(biases, channels, activation);
        workers.splitRows(Shapes.rows(x), Math.max(1, GRAIN / channels), (from, to) -> rows.run(xs + 4 * from * channels, to - from));
        if (curved(activation)) {
            curve(xs, x.size(), activation.kind());
        }
    }

    /// Adds biases to rows and bends them.
    interface Rows {
        void run(long x, long rows);
    }

    /// With the piecewise linear part of an activation alone. Good until the next call of this object.
    Rows rows(long bias, int channels, Activation activation) {
        var bend = Bend.of(activation);
        int times = 1;
        while (times * channels < WIDE) {
            times *= 2;
        }
        int all = times;
        int width = times * channels;
        long wide = times == 1 ? bias : repeated(bias, channels, times);
        return (x, rows) -> {
            rows(x, wide, bend, rows / all, width);
            rows(x + 4 * (rows - rows % all) * channels, bias, bend, rows % all, channels);
        };
    }

    /// How many narrow rows may be taken for one wide row, so that vectors are full.
    private static int widening(long rows, int channels) {
        int times = 1;
        while (channels % L != 0 && times * channels < WIDE && rows / times % 2 == 0) {
            times *= 2;
        }
        return times;
    }

    private long repeated(long bias, int channels, int times) {
        long wide = scratch.floats((long) times * channels);
        for (int time = 0; time < times; time++) {
            MemorySegment.copy(ALL, bias, ALL, wide + 4L * time * channels, 4L * channels);
        }
        return wide;
    }

    private static void rows(long x, long bias, Bend bend, long rows, int channels) {
        float slope = bend.slope;
        VectorMask<Float> dead = F.maskAll(bend.dead);
        int whole = (int) Lanes.wholeEnd(0, channels);
        VectorMask<Float> rest = F.indexInRange(whole, channels);
        for (long row = 0; row < rows; row++) {
            long at = 4 * row * channels;
            for (int c = 0; c < 4 * whole; c += BYTES) {
                FloatVector value = fromMemorySegment(F, ALL, x + at + c, ORDER).add(fromMemorySegment(F, ALL, bias + c, ORDER));
                FloatVector bent = value.mul(slope).blend(0f, dead);
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(ALL, x + at + c, ORDER);
            }
            if (whole < channels) {
                FloatVector shift = fromMemorySegment(F, ALL, bias + 4 * whole, ORDER, rest);
                FloatVector value = fromMemorySegment(F, ALL, x + at + 4 * whole, ORDER, rest).add(shift);
                FloatVector bent = value.mul(slope).blend(0f, dead);
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(ALL, x + at + 4 * whole, ORDER, rest);
            }
        }
    }

    void activateBackward(Tensor y, Tensor dy, Activation activation) {
        Shapes.same("dy", dy, y);
        long ys = y.address();
        long dys = dy.address();
        if (curved(activation)) {
            curveBackward(ys, dys, y.size(), activation.kind());
        } else if (activation.kind() != Activation.Kind.LINEAR) {
            Bend bend = Bend.of(activation);
            workers.split(y.size(), GRAIN, (from, to) -> bendBackward(ys, dys, bend, from, to));
        }
    }

    private static void bendBackward(long y, long dy, Bend bend, long from, long to) {
        float slope = bend.slope;
        VectorMask<Float> dead = F.maskAll(bend.dead);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = 4 * from; i < 4 * whole; i += BYTES) {
            FloatVector gradient = fromMemorySegment(F, ALL, dy + i, ORDER);
            FloatVector bent = gradient.mul(slope).blend(0f, dead);
            gradient.blend(bent, fromMemorySegment(F, ALL, y + i, ORDER).compare(LE, 0f)).intoMemorySegment(ALL, dy + i, ORDER);
        }
        if (whole < to) {
            VectorMask<Float> rest = F.indexInRange(whole, to);
            FloatVector gradient = fromMemorySegment(F, ALL, dy + 4 * whole, ORDER, rest);
            FloatVector bent = gradient.mul(slope).blend(0f, dead);
            gradient = gradient.blend(bent, fromMemorySegment(F, ALL, y + 4 * whole, ORDER, rest).compare(LE, 0f));
            gradient.intoMemorySegment(ALL, dy + 4 * whole, ORDER, rest);
        }
    }

    void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        int channels = Shapes.channels("y", y);
        Shapes.same("dy", dy, y);
        Shapes.vector("dbias", dbias, channels);
        long ys = y.address();
        long dys = dy.address();
        long sums = dbias.address();
        if (!accumulate) {
            Lanes.fillZero(sums, channels);
        }
        if (y.size() == 0) {
            return;
        }
        if (curved(activation)) {
            curveBackward(ys, dys, y.size(), activation.kind());
        }
        Bend bend = Bend.of(activation);
        int times = widening(Shapes.rows(y), channels);
        if (times == 1) {
            sum(ys, dys, bend, sums, Shapes.rows(y), channels);
            return;
        }
        long wide = scratch.floats((long) times * channels);
        Lanes.fillZero(wide, (long) times * channels);
        sum(ys, dys, bend, wide, Shapes.rows(y) / times, times * channels);
        for (int time = 0; time < times; time++) {
            Chunks.add(wide + 4L * time * channels, sums, channels);
        }
    }

    /// Bends dy and adds its columns to `sums[channels]`.
    private void sum(long ys, long dys, Bend bend, long sums, long rows, int channels) {
        if (rows < 2L * channels) { // few rows at a time would spend more on the sums than on the rows
            long grain = Math.max(1, GRAIN / rows); // in channels: each sum is one thread's
            workers.split(channels, Math.max(64, grain), (from, to) -> sumColumns(ys, dys, bend, sums, rows, channels, from, to));
            return;
        }
        var chunks = Chunks.of(rows, channels);
        long partial = partials.floats((long) chunks.count() * channels); // [chunks, channels]
        Lanes.fillZero(partial, (long) chunks.count() * channels);
        workers.run(chunks.count(), chunk -> {
            long from = 4 * chunks.from(chunk) * channels;
            sumColumns(ys + from, dys + from, bend, partial + 4L * chunk * channels, chunks.rows(chunk), channels, 0, channels);
        });
        chunks.addUp(partial, channels, sums);
    }

    /// In strips of four vectors, down all rows, so that the sums stay in registers.
    private static void sumColumns(long y, long dy, Bend bend, long sums, long rows, int channels, long from, long to) {
        long strips = from + (to - from) / STRIP * STRIP;
        for (long column = from; column < strips; column += STRIP) {
            sumStrip(y + 4 * column, dy + 4 * column, bend, sums + 4 * column, rows, 4L * channels);
        }
        for (long column = strips; column < to; column += L) {
            sumVector(y + 4 * column, dy + 4 * column, bend, sums + 4 * column, rows, 4L * channels, F.indexInRange(column, to));
        }
    }

    private static void sumStrip(long y, long dy, Bend bend, long sums, long rows, long rowBytes) {
        float slope = bend.slope;
        VectorMask<Float> dead = F.maskAll(bend.dead);
        FloatVector sum0 = fromMemorySegment(F, ALL, sums, ORDER);
        FloatVector sum1 = fromMemorySegment(F, ALL, sums + BYTES, ORDER);
        FloatVector sum2 = fromMemorySegment(F, ALL, sums + 2 * BYTES, ORDER);
        FloatVector sum3 = fromMemorySegment(F, ALL, sums + 3 * BYTES, ORDER);
        for (long at = 0; at < rows * rowBytes; at += rowBytes) {
            FloatVector gradient0 = fromMemorySegment(F, ALL, dy + at, ORDER);
            FloatVector gradient1 = fromMemorySegment(F, ALL, dy + at + BYTES, ORDER);
            FloatVector gradient2 = fromMemorySegment(F, ALL, dy + at + 2 * BYTES, ORDER);
            FloatVector gradient3 = fromMemorySegment(F, ALL, dy + at + 3 * BYTES, ORDER);
            gradient0 = gradient0.blend(gradient0.mul(slope).blend(0f, dead), fromMemorySegment(F, ALL, y + at, ORDER).compare(LE, 0f));
            gradient1 = gradient1.blend(gradient1.mul(slope).blend(0f, dead), fromMemorySegment(F, ALL, y + at + BYTES, ORDER).compare(LE, 0f));
            gradient2 = gradient2.blend(gradient2.mul(slope).blend(0f, dead), fromMemorySegment(F, ALL, y + at + 2 * BYTES, ORDER).compare(LE, 0f));
            gradient3 = gradient3.blend(gradient3.mul(slope).blend(0f, dead), fromMemorySegment(F, ALL, y + at + 3 * BYTES, ORDER).compare(LE, 0f));
            gradient0.intoMemorySegment(ALL, dy + at, ORDER);
            gradient1.intoMemorySegment(ALL, dy + at + BYTES, ORDER);
            gradient2.intoMemorySegment(ALL, dy + at + 2 * BYTES, ORDER);
            gradient3.intoMemorySegment(ALL, dy + at + 3 * BYTES, ORDER);
            sum0 = sum0.add(gradient0);
            sum1 = sum1.add(gradient1);
            sum2 = sum2.add(gradient2);
            sum3 = sum3.add(gradient3);
        }
        sum0.intoMemorySegment(ALL, sums, ORDER);
        sum1.intoMemorySegment(ALL, sums + BYTES, ORDER);
        sum2.intoMemorySegment(ALL, sums + 2 * BYTES, ORDER);
        sum3.intoMemorySegment(ALL, sums + 3 * BYTES, ORDER);
    }

    private static void sumVector(long y, long dy, Bend bend, long sums, long rows, long rowBytes, VectorMask<Float> there) {
        float slope = bend.slope;
        VectorMask<Float> dead = F.maskAll(bend.dead);
        FloatVector sum = fromMemorySegment(F, ALL, sums, ORDER, there);
        for (long at = 0; at < rows * rowBytes; at += rowBytes) {
            FloatVector gradient = fromMemorySegment(F, ALL, dy + at, ORDER, there);
            FloatVector bent = gradient.mul(slope).blend(0f, dead);
            gradient = gradient.blend(bent, fromMemorySegment(F, ALL, y + at, ORDER, there).compare(LE, 0f));
            gradient.intoMemorySegment(ALL, dy + at, ORDER, there);
            sum = sum.add(gradient);
        }
        sum.intoMemorySegment(ALL, sums, ORDER, there);
    }
}
