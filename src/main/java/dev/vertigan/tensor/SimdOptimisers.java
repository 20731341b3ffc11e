package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.SQRT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/// Parameter updates, one pass each, with the sums of squares the pass has at hand anyway.
///
/// Sums are taken over blocks of fixed size, per lane; lanes and blocks are then added in order, in double precision, so the bits
/// do not depend on the threads.
final class SimdOptimisers {

    private static final int BLOCK = 1 << 14; // elements
    private static final int SUMS = 3; // gradient, update, weight

    private final Workers workers;
    private MemorySegment sums = Arena.ofAuto().allocate((long) SUMS * L * Float.BYTES, 64); // [blocks, SUMS, L]

    SimdOptimisers(Workers workers) {
        this.workers = workers;
    }

    private interface Block {
        void run(long from, long to, long sumsAt);
    }

    UpdateNorms momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum) {
        Shapes.same("gradient", gradient, weight);
        Shapes.same("velocity", velocity, weight);
        MemorySegment ws = weight.segment();
        MemorySegment gs = gradient.segment();
        MemorySegment vs = velocity.segment();
        return blocks(weight.size(), (from, to, at) -> momentum(ws, gs, vs, rate, momentum, from, to, sums, at));
    }

    private static void momentum(MemorySegment weight, MemorySegment gradient, MemorySegment velocity, float rate, float momentum,
            long from, long to, MemorySegment sums, long sumsAt) {
        FloatVector momentums = broadcast(F, momentum);
        FloatVector rates = broadcast(F, -rate);
        FloatVector gradients = zero(F);
        FloatVector updates = zero(F);
        FloatVector weights = zero(F);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            FloatVector g = fromMemorySegment(F, gradient, 4 * i, ORDER);
            FloatVector v = fromMemorySegment(F, velocity, 4 * i, ORDER).fma(momentums, g.mul(rates));
            FloatVector w = fromMemorySegment(F, weight, 4 * i, ORDER).add(v);
            v.intoMemorySegment(velocity, 4 * i, ORDER);
            w.intoMemorySegment(weight, 4 * i, ORDER);
            gradients = g.fma(g, gradients);
            updates = v.fma(v, updates);
            weights = w.fma(w, weights);
        }
        gradients.intoMemorySegment(sums, 4 * sumsAt, ORDER);
        updates.intoMemorySegment(sums, 4 * (sumsAt + L), ORDER);
        weights.intoMemorySegment(sums, 4 * (sumsAt + 2 * L), ORDER);
        for (long i = whole; i < to; i++) {
            float g = at(gradient, i);
            float v = Math.fma(at(velocity, i), momentum, -rate * g);
            float w = at(weight, i) + v;
            put(velocity, i, v);
            put(weight, i, w);
            addSquares(sums, sumsAt, g, v, w);
        }
    }

    /// What one Adam update multiplies with.
    ///
    /// @param rate rate / (1 − beta1ᵗ)
    /// @param root 1 / √(1 − beta2ᵗ)
    private record AdamFactors(float rate, float root, float beta1, float beta2, float rest1, float rest2, float epsilon) {}

    UpdateNorms adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t) {
        Shapes.same("gradient", gradient, weight);
        Shapes.same("m", m, weight);
        Shapes.same("v", v, weight);
        Shapes.update(t);
        Shapes.positive("epsilon", epsilon);
        var factors = new AdamFactors((float) (rate / (1 - StrictMath.pow(beta1, t))), (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, t))),
                beta1, beta2, 1 - beta1, 1 - beta2, epsilon);
        MemorySegment ws = weight.segment();
        MemorySegment gs = gradient.segment();
        MemorySegment ms = m.segment();
        MemorySegment vs = v.segment();
        return blocks(weight.size(), (from, to, at) -> adam(ws, gs, ms, vs, factors, from, to, sums, at));
    }

    private static void adam(MemorySegment weight, MemorySegment gradient, MemorySegment first, MemorySegment second, AdamFactors factors,
            long from, long to, MemorySegment sums, long sumsAt) {
        FloatVector beta1 = broadcast(F, factors.beta1);
        FloatVector beta2 = broadcast(F, factors.beta2);
        FloatVector rest1 = broadcast(F, factors.rest1);
        FloatVector rest2 = broadcast(F, factors.rest2);
        FloatVector rate = broadcast(F, -factors.rate);
        FloatVector root = broadcast(F, factors.root);
        FloatVector epsilon = broadcast(F, factors.epsilon);
        FloatVector gradients = zero(F);
        FloatVector updates = zero(F);
        FloatVector weights = zero(F);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            FloatVector g = fromMemorySegment(F, gradient, 4 * i, ORDER);
            FloatVector m = fromMemorySegment(F, first, 4 * i, ORDER).fma(beta1, g.mul(rest1));
            FloatVector v = fromMemorySegment(F, second, 4 * i, ORDER).fma(beta2, g.mul(rest2).mul(g));
            FloatVector update = m.mul(rate).div(v.lanewise(SQRT).fma(root, epsilon));
            FloatVector w = fromMemorySegment(F, weight, 4 * i, ORDER).add(update);
            m.intoMemorySegment(first, 4 * i, ORDER);
            v.intoMemorySegment(second, 4 * i, ORDER);
            w.intoMemorySegment(weight, 4 * i, ORDER);
            gradients = g.fma(g, gradients);
            updates = update.fma(update, updates);
            weights = w.fma(w, weights);
        }
        gradients.intoMemorySegment(sums, 4 * sumsAt, ORDER);
        updates.intoMemorySegment(sums, 4 * (sumsAt + L), ORDER);
        weights.intoMemorySegment(sums, 4 * (sumsAt + 2 * L), ORDER);
        for (long i = whole; i < to; i++) {
            float g = at(gradient, i);
            float m = Math.fma(at(first, i), factors.beta1, g * factors.rest1);
            float v = Math.fma(at(second, i), factors.beta2, g * factors.rest2 * g);
            float update = m * -factors.rate / Math.fma((float) Math.sqrt(v), factors.root, factors.epsilon);
            float w = at(weight, i) + update;
            put(first, i, m);
            put(second, i, v);
            put(weight, i, w);
            addSquares(sums, sumsAt, g, update, w);
        }
    }

    private static float at(MemorySegment memory, long i) {
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }

    private static void put(MemorySegment memory, long i, float value) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }

    /// Into the first lane of each sum.
    private static void addSquares(MemorySegment sums, long sumsAt, float gradient, float update, float weight) {
        put(sums, sumsAt, Math.fma(gradient, gradient, at(sums, sumsAt)));
        put(sums, sumsAt + L, Math.fma(update, update, at(sums, sumsAt + L)));
        put(sums, sumsAt + 2 * L, Math.fma(weight, weight, at(sums, sumsAt + 2 * L)));
    }

    private UpdateNorms blocks(long size, Block block) {
        int blocks = Math.toIntExact((size + BLOCK - 1) / BLOCK);
        long stride = (long) SUMS * L;
        if (sums.byteSize() < blocks * stride * Float.BYTES) {
            sums = Arena.ofAuto().allocate(blocks * stride * Float.BYTES, 64);
        }
        workers.splitRows(blocks, 1, (from, to) -> {
            for (long b = from; b < to; b++) {
                block.run(b * BLOCK, Math.min(size, (b + 1) * BLOCK), b * stride);
            }
        });
        double gradient = 0;
        double update = 0;
        double weight = 0;
        for (int b = 0; b < blocks; b++) {
            for (int lane = 0; lane < L; lane++) {
                gradient += at(sums, b * stride + lane);
                update += at(sums, b * stride + L + lane);
                weight += at(sums, b * stride + 2 * L + lane);
            }
        }
        return new UpdateNorms(gradient, update, weight);
    }

    double sumOfSquares(Tensor x) {
        MemorySegment xs = x.segment();
        int blocks = Math.toIntExact((x.size() + BLOCK - 1) / BLOCK);
        double[] partial = new double[blocks];
        workers.splitRows(blocks, 1, (from, to) -> {
            for (long b = from; b < to; b++) {
                partial[(int) b] = squares(xs, b * BLOCK, Math.min(x.size(), (b + 1) * BLOCK));
            }
        });
        double sum = 0;
        for (double part : partial) {
            sum += part;
        }
        return sum;
    }

    /// In double precision, as squares of floats may not fit a float.
    private static double squares(MemorySegment x, long from, long to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        long i = from;
        for (; i + 4 <= to; i += 4) {
            double x0 = x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            double x1 = x.getAtIndex(ValueLayout.JAVA_FLOAT, i + 1);
            double x2 = x.getAtIndex(ValueLayout.JAVA_FLOAT, i + 2);
            double x3 = x.getAtIndex(ValueLayout.JAVA_FLOAT, i + 3);
            sum0 += x0 * x0;
            sum1 += x1 * x1;
            sum2 += x2 * x2;
            sum3 += x3 * x3;
        }
        for (; i < to; i++) {
            double value = x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum0 += value * value;
        }
        return sum0 + sum1 + (sum2 + sum3);
    }
}
