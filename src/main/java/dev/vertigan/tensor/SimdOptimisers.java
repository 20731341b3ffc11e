package dev.vertigan.tensor;

import static jdk.incubator.vector.VectorOperators.SQRT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Parameter updates, one pass each, with the sums of squares the pass has at hand anyway.
///
/// Sums are taken over blocks of fixed size, per lane; lanes and blocks are then added in order, in double precision, so the bits
/// do not depend on the threads.
final class SimdOptimisers {

    private static final int BLOCK = 1 << 14; // elements
    private static final int SUMS = 3; // gradient, update, weight

    private final Workers workers;
    private MemorySegment sums = Arena.ofAuto().allocate((long) SUMS * Lanes.L * Float.BYTES, 64); // [blocks, SUMS, L]

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
        FloatVector momentums = FloatVector.broadcast(Lanes.F, momentum);
        FloatVector gradients = Lanes.zero();
        FloatVector updates = Lanes.zero();
        FloatVector weights = Lanes.zero();
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += Lanes.L) {
            FloatVector g = Lanes.load(gradient, i);
            FloatVector v = Lanes.load(velocity, i).fma(momentums, g.mul(-rate));
            FloatVector w = Lanes.load(weight, i).add(v);
            Lanes.store(v, velocity, i);
            Lanes.store(w, weight, i);
            gradients = g.fma(g, gradients);
            updates = v.fma(v, updates);
            weights = w.fma(w, weights);
        }
        if (whole < to) {
            VectorMask<Float> rest = Lanes.before(whole, to);
            FloatVector g = Lanes.load(gradient, whole, rest);
            FloatVector v = Lanes.load(velocity, whole, rest).fma(momentums, g.mul(-rate));
            FloatVector w = Lanes.load(weight, whole, rest).add(v);
            Lanes.store(v, velocity, whole, rest);
            Lanes.store(w, weight, whole, rest);
            gradients = g.fma(g, gradients);
            updates = v.fma(v, updates);
            weights = w.fma(w, weights);
        }
        Lanes.store(gradients, sums, sumsAt);
        Lanes.store(updates, sums, sumsAt + Lanes.L);
        Lanes.store(weights, sums, sumsAt + 2 * Lanes.L);
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
        FloatVector beta1 = FloatVector.broadcast(Lanes.F, factors.beta1);
        FloatVector beta2 = FloatVector.broadcast(Lanes.F, factors.beta2);
        FloatVector root = FloatVector.broadcast(Lanes.F, factors.root);
        FloatVector epsilon = FloatVector.broadcast(Lanes.F, factors.epsilon);
        FloatVector gradients = Lanes.zero();
        FloatVector updates = Lanes.zero();
        FloatVector weights = Lanes.zero();
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += Lanes.L) {
            FloatVector g = Lanes.load(gradient, i);
            FloatVector m = Lanes.load(first, i).fma(beta1, g.mul(factors.rest1));
            FloatVector v = Lanes.load(second, i).fma(beta2, g.mul(factors.rest2).mul(g));
            FloatVector update = m.mul(-factors.rate).div(v.lanewise(SQRT).fma(root, epsilon));
            FloatVector w = Lanes.load(weight, i).add(update);
            Lanes.store(m, first, i);
            Lanes.store(v, second, i);
            Lanes.store(w, weight, i);
            gradients = g.fma(g, gradients);
            updates = update.fma(update, updates);
            weights = w.fma(w, weights);
        }
        if (whole < to) {
            VectorMask<Float> rest = Lanes.before(whole, to);
            FloatVector g = Lanes.load(gradient, whole, rest);
            FloatVector m = Lanes.load(first, whole, rest).fma(beta1, g.mul(factors.rest1));
            FloatVector v = Lanes.load(second, whole, rest).fma(beta2, g.mul(factors.rest2).mul(g));
            FloatVector update = m.mul(-factors.rate).div(v.lanewise(SQRT).fma(root, epsilon));
            update = Lanes.zero().blend(update, rest); // with epsilon 0, lanes past the end are 0 / 0
            FloatVector w = Lanes.load(weight, whole, rest).add(update);
            Lanes.store(m, first, whole, rest);
            Lanes.store(v, second, whole, rest);
            Lanes.store(w, weight, whole, rest);
            gradients = g.fma(g, gradients);
            updates = update.fma(update, updates);
            weights = w.fma(w, weights);
        }
        Lanes.store(gradients, sums, sumsAt);
        Lanes.store(updates, sums, sumsAt + Lanes.L);
        Lanes.store(weights, sums, sumsAt + 2 * Lanes.L);
    }

    private UpdateNorms blocks(long size, Block block) {
        int blocks = Math.toIntExact((size + BLOCK - 1) / BLOCK);
        long stride = (long) SUMS * Lanes.L;
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
            for (int lane = 0; lane < Lanes.L; lane++) {
                gradient += sums.getAtIndex(ValueLayout.JAVA_FLOAT, b * stride + lane);
                update += sums.getAtIndex(ValueLayout.JAVA_FLOAT, b * stride + Lanes.L + lane);
                weight += sums.getAtIndex(ValueLayout.JAVA_FLOAT, b * stride + 2L * Lanes.L + lane);
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
