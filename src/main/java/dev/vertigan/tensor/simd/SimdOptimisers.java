package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.Float.MIN_NORMAL;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;

import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Parameter updates, one pass each, with the sums of squares the pass has at hand anyway.
///
/// Sums are taken over blocks, per lane; lanes and blocks are then added in order, in double precision. How large a block is depends on the
/// size alone, so the bits do not depend on the threads.
///
/// Moments are never subnormal, as CPUs take several times as long for such numbers (here up to 4.4 times, on a Zen 5), and where a gradient
/// has died out a moment would decay to one and stay there: 0.9 times the smallest float is rounded to the smallest float. A first moment
/// is 0 instead, a second one [#LEAST_SECOND], whose root is nothing beside epsilon.
final class SimdOptimisers {

    private static final int BLOCK = 1 << 14; // elements at most
    private static final int FEWEST_BLOCKS = 16; // so that threads can share a small update too
    private static final int BLOCK_MULTIPLE = 64;
    private static final int GRAIN = 1 << 12; // elements worth a thread
    private static final float LEAST_SECOND = 0x1p-125f; // times a beta2 of ½ or more it is not yet subnormal
    private static final int SUMS = 3; // gradient, update, weight

    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());
    private static final int DOUBLES = D.length();

    private final Workers workers;
    private final Scratch scratch = new Scratch();

    SimdOptimisers(Workers workers) {
        this.workers = workers;
    }

    private interface Block {
        void run(long from, long to, long sums);
    }

    void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares) {
        Shapes.same("gradient", gradient, weight);
        Shapes.same("velocity", velocity, weight);
        long ws = weight.address();
        long gs = gradient.address();
        long vs = velocity.address();
        blocks(weight.size(), squares, (from, to, sums) -> momentum(ws, gs, vs, rate, momentum, from, to, sums));
    }

    private static void momentum(long weight, long gradient, long velocity, float rate, float momentum,
            long from, long to, long sums) {
        FloatVector momentums = broadcast(F, momentum);
        FloatVector rates = broadcast(F, -rate);
        FloatVector gradients = zero(F);
        FloatVector updates = zero(F);
        FloatVector weights = zero(F);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            FloatVector g = fromMemorySegment(F, ALL, gradient + 4 * i, ORDER);
            FloatVector v = fromMemorySegment(F, ALL, velocity + 4 * i, ORDER).fma(momentums, g.mul(rates));
            v = v.blend(0f, v.lanewise(ABS).compare(LT, MIN_NORMAL));
            FloatVector w = fromMemorySegment(F, ALL, weight + 4 * i, ORDER).add(v);
            v.intoMemorySegment(ALL, velocity + 4 * i, ORDER);
            w.intoMemorySegment(ALL, weight + 4 * i, ORDER);
            gradients = g.fma(g, gradients);
            updates = v.fma(v, updates);
            weights = w.fma(w, weights);
        }
        gradients.intoMemorySegment(ALL, sums, ORDER);
        updates.intoMemorySegment(ALL, sums + BYTES, ORDER);
        weights.intoMemorySegment(ALL, sums + 2 * BYTES, ORDER);
        for (long i = whole; i < to; i++) {
            float g = at(gradient, i);
            float v = Lanes.flushed(Math.fma(at(velocity, i), momentum, -rate * g));
            float w = at(weight, i) + v;
            put(velocity, i, v);
            put(weight, i, w);
            addSquares(sums, g, v, w);
        }
    }

    /// What one Adam update multiplies with.
    ///
    /// @param rate rate / (1 − beta1ᵗ)
    /// @param root 1 / √(1 − beta2ᵗ)
    /// @param root2 √(1 − beta2)
    private record AdamFactors(float rate, float root, float beta1, float beta2, float rest1, float root2, float epsilon) {}

    void adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t, Tensor squares) {
        Shapes.same("gradient", gradient, weight);
        Shapes.same("m", m, weight);
        Shapes.same("v", v, weight);
        Shapes.update(t);
        Shapes.positive("epsilon", epsilon);
        var factors = new AdamFactors((float) (rate / (1 - StrictMath.pow(beta1, t))), (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, t))),
                beta1, beta2, 1 - beta1, (float) Math.sqrt(1 - beta2), epsilon);
        long ws = weight.address();
        long gs = gradient.address();
        long ms = m.address();
        long vs = v.address();
        blocks(weight.size(), squares, (from, to, sums) -> adam(ws, gs, ms, vs, factors, from, to, sums));
    }

    private static void adam(long weight, long gradient, long first, long second, AdamFactors factors,
            long from, long to, long sums) {
        FloatVector beta1 = broadcast(F, factors.beta1);
        FloatVector beta2 = broadcast(F, factors.beta2);
        FloatVector rest1 = broadcast(F, factors.rest1);
        FloatVector root2 = broadcast(F, factors.root2);
        FloatVector rate = broadcast(F, -factors.rate);
        FloatVector root = broadcast(F, factors.root);
        FloatVector epsilon = broadcast(F, factors.epsilon);
        FloatVector gradients = zero(F);
        FloatVector updates = zero(F);
        FloatVector weights = zero(F);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            FloatVector g = fromMemorySegment(F, ALL, gradient + 4 * i, ORDER);
            FloatVector m = fromMemorySegment(F, ALL, first + 4 * i, ORDER).fma(beta1, g.mul(rest1));
            m = m.blend(0f, m.lanewise(ABS).compare(LT, MIN_NORMAL));
            FloatVector part = g.mul(root2); // its square is not rounded, so it may be as small as it likes
            FloatVector v = part.fma(part, fromMemorySegment(F, ALL, second + 4 * i, ORDER).mul(beta2));
            v = v.blend(LEAST_SECOND, v.compare(LT, LEAST_SECOND));
            FloatVector update = m.div(v.lanewise(SQRT).fma(root, epsilon)).mul(rate);
            FloatVector w = fromMemorySegment(F, ALL, weight + 4 * i, ORDER).add(update);
            m.intoMemorySegment(ALL, first + 4 * i, ORDER);
            v.intoMemorySegment(ALL, second + 4 * i, ORDER);
            w.intoMemorySegment(ALL, weight + 4 * i, ORDER);
            gradients = g.fma(g, gradients);
            updates = update.fma(update, updates);
            weights = w.fma(w, weights);
        }
        gradients.intoMemorySegment(ALL, sums, ORDER);
        updates.intoMemorySegment(ALL, sums + BYTES, ORDER);
        weights.intoMemorySegment(ALL, sums + 2 * BYTES, ORDER);
        for (long i = whole; i < to; i++) {
            float g = at(gradient, i);
            float m = Lanes.flushed(Math.fma(at(first, i), factors.beta1, g * factors.rest1));
            float part = g * factors.root2;
            float v = Math.max(Math.fma(part, part, at(second, i) * factors.beta2), LEAST_SECOND);
            float update = m / Math.fma((float) Math.sqrt(v), factors.root, factors.epsilon) * -factors.rate;
            float w = at(weight, i) + update;
            put(first, i, m);
            put(second, i, v);
            put(weight, i, w);
            addSquares(sums, g, update, w);
        }
    }

    private static float at(long memory, long i) {
        return ALL.get(JAVA_FLOAT, memory + 4L * i);
    }

    private static void put(long memory, long i, float value) {
        ALL.set(JAVA_FLOAT, memory + 4L * i, value);
    }

    /// Into the first lane of each sum.
    private static void addSquares(long sums, float gradient, float update, float weight) {
        put(sums, 0, Math.fma(gradient, gradient, at(sums, 0)));
        put(sums, L, Math.fma(update, update, at(sums, L)));
        put(sums, 2 * L, Math.fma(weight, weight, at(sums, 2 * L)));
    }

    private void blocks(long size, Tensor squares, Block block) {
        Shapes.squares(squares);
        long length = Math.clamp((size / FEWEST_BLOCKS + BLOCK_MULTIPLE - 1) / BLOCK_MULTIPLE * BLOCK_MULTIPLE, BLOCK_MULTIPLE, BLOCK);
        int blocks = Math.toIntExact((size + length - 1) / length);
        long stride = (long) SUMS * BYTES;
        long sums = scratch.floats(blocks * stride / Float.BYTES); // [blocks, SUMS, L]
        workers.splitRows(blocks, Math.max(1, GRAIN / length), (from, to) -> {
            for (long b = from; b < to; b++) {
                block.run(b * length, Math.min(size, (b + 1) * length), sums + b * stride);
            }
        });
        double gradient = 0;
        double update = 0;
        double weight = 0;
        for (int b = 0; b < blocks; b++) {
            for (int lane = 0; lane < L; lane++) {
                gradient += at(sums + b * stride, lane);
                update += at(sums + b * stride, L + lane);
                weight += at(sums + b * stride, 2 * L + lane);
            }
        }
        squares.set(0, gradient);
        squares.set(1, update);
        squares.set(2, weight);
    }

    double sumOfSquares(Tensor x) {
        long xs = x.address();
        int blocks = Math.toIntExact((x.size() + BLOCK - 1) / BLOCK);
        double[] partial = new double[blocks * DOUBLES];
        workers.splitRows(blocks, 1, (from, to) -> {
            for (long b = from; b < to; b++) {
                squares(xs, b * BLOCK, Math.min(x.size(), (b + 1) * BLOCK), partial, (int) b * DOUBLES);
            }
        });
        double sum = 0;
        for (double part : partial) {
            sum += part;
        }
        return sum;
    }

    /// In double precision, as squares of floats may not fit a float.
    private static void squares(long x, long from, long to, double[] sums, int sumsAt) {
        DoubleVector low = DoubleVector.zero(D);
        DoubleVector high = DoubleVector.zero(D);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            FloatVector value = fromMemorySegment(F, ALL, x + 4 * i, ORDER);
            DoubleVector first = (DoubleVector) value.convertShape(F2D, D, 0);
            DoubleVector second = (DoubleVector) value.convertShape(F2D, D, 1);
            low = first.fma(first, low);
            high = second.fma(second, high);
        }
        low.add(high).intoArray(sums, sumsAt);
        for (long i = whole; i < to; i++) {
            double value = at(x, i);
            sums[sumsAt] += value * value;
        }
    }
}
