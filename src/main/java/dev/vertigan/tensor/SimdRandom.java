package dev.vertigan.tensor;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/// Fills tensors with the numbers [Philox] defines. Counters run in 64-bit lanes, even ones in one vector and odd ones in another,
/// since the products are 64 bits wide; interleaved, they give full vectors of 32-bit words in counter order.
final class SimdRandom {

    private static final long GROUPS_PER_THREAD = 32; // 2,048 elements

    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, Lanes.F.vectorShape());
    private static final VectorSpecies<Long> J = VectorSpecies.of(long.class, Lanes.F.vectorShape());
    private static final LongVector EVEN = LongVector.zero(J).addIndex(2);
    private static final long LOW = 0xFFFF_FFFFL;
    private static final long M0 = Philox.MULTIPLIER_0 & LOW;
    private static final long M1 = Philox.MULTIPLIER_1 & LOW;

    /// What becomes of the words.
    private enum Kind { NORMAL, ADD_NORMAL, UNIFORM, MASK }

    private final Workers workers;

    SimdRandom(Workers workers) {
        this.workers = workers;
    }

    void normal(Tensor out, Draw draw) {
        fill(Kind.NORMAL, out, out, 1, 0, draw);
    }

    void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        Shapes.same("out", out, a);
        fill(Kind.ADD_NORMAL, a, out, scale, 0, draw);
    }

    void uniform(Tensor out, float low, float high, Draw draw) {
        fill(Kind.UNIFORM, out, out, high - low, low, draw);
    }

    void dropoutMask(Tensor mask, float keep, Draw draw) {
        Shapes.keep(keep);
        fill(Kind.MASK, mask, mask, 1 / keep, keep, draw);
    }

    private void fill(Kind kind, Tensor in, Tensor out, float scale, float offset, Draw draw) {
        long size = out.size();
        Philox.check(draw.step(), size / 4);
        MemorySegment ins = in.segment();
        MemorySegment outs = out.segment();
        long groups = (size + Philox.GROUP - 1) / Philox.GROUP;
        workers.splitRows(groups, GROUPS_PER_THREAD, (from, to) -> groups(kind, ins, outs, scale, offset, draw, from, to, size));
    }

    private static void groups(Kind kind, MemorySegment in, MemorySegment out, float scale, float offset, Draw draw, long from, long to, long size) {
        long c2 = draw.step() & LOW;
        for (long group = from; group < to; group++) {
            for (int sub = 0; sub < Philox.COUNTERS; sub += Lanes.L) {
                long counter = group * Philox.COUNTERS + sub;
                LongVector even = EVEN.add(counter & LOW);
                int c3 = Philox.upper(draw.step(), counter);
                LongVector a0 = even;
                LongVector b0 = even.add(1);
                LongVector a1 = LongVector.broadcast(J, draw.stream() & LOW);
                LongVector b1 = a1;
                LongVector a2 = LongVector.broadcast(J, c2);
                LongVector b2 = a2;
                LongVector a3 = LongVector.broadcast(J, c3 & LOW);
                LongVector b3 = a3;
                int k0 = (int) draw.seed();
                int k1 = (int) (draw.seed() >>> 32);
                // The upper halves of words 1 and 3 hold rubbish, which the masks of the next product drop.
                for (int round = 0; round < Philox.ROUNDS; round++) {
                    LongVector p0 = a0.and(LOW).mul(LongVector.broadcast(J, M0));
                    LongVector p1 = a2.and(LOW).mul(LongVector.broadcast(J, M1));
                    LongVector q0 = b0.and(LOW).mul(LongVector.broadcast(J, M0));
                    LongVector q1 = b2.and(LOW).mul(LongVector.broadcast(J, M1));
                    a0 = p1.lanewise(LSHR, 32).lanewise(XOR, a1).lanewise(XOR, k0 & LOW);
                    b0 = q1.lanewise(LSHR, 32).lanewise(XOR, b1).lanewise(XOR, k0 & LOW);
                    a2 = p0.lanewise(LSHR, 32).lanewise(XOR, a3).lanewise(XOR, k1 & LOW);
                    b2 = q0.lanewise(LSHR, 32).lanewise(XOR, b3).lanewise(XOR, k1 & LOW);
                    a1 = p1;
                    b1 = q1;
                    a3 = p0;
                    b3 = q0;
                    k0 += Philox.WEYL_0;
                    k1 += Philox.WEYL_1;
                }
                long at = group * Philox.GROUP + sub;
                IntVector w0 = words(a0, b0);
                IntVector w1 = words(a1, b1);
                IntVector w2 = words(a2, b2);
                IntVector w3 = words(a3, b3);
                switch (kind) {
                    case NORMAL, ADD_NORMAL -> {
                        FloatVector radius = FloatMath.radius(w0);
                        FloatVector radius2 = FloatMath.radius(w2);
                        boolean add = kind == Kind.ADD_NORMAL;
                        putNormal(add, radius.mul(FloatMath.circle(w1, false)), in, out, scale, at, size);
                        putNormal(add, radius.mul(FloatMath.circle(w1, true)), in, out, scale, at + 16, size);
                        putNormal(add, radius2.mul(FloatMath.circle(w3, false)), in, out, scale, at + 32, size);
                        putNormal(add, radius2.mul(FloatMath.circle(w3, true)), in, out, scale, at + 48, size);
                    }
                    case UNIFORM -> {
                        put(unit(w0).fma(FloatVector.broadcast(Lanes.F, scale), FloatVector.broadcast(Lanes.F, offset)), out, at, size);
                        put(unit(w1).fma(FloatVector.broadcast(Lanes.F, scale), FloatVector.broadcast(Lanes.F, offset)), out, at + 16, size);
                        put(unit(w2).fma(FloatVector.broadcast(Lanes.F, scale), FloatVector.broadcast(Lanes.F, offset)), out, at + 32, size);
                        put(unit(w3).fma(FloatVector.broadcast(Lanes.F, scale), FloatVector.broadcast(Lanes.F, offset)), out, at + 48, size);
                    }
                    case MASK -> {
                        put(kept(w0, scale, offset), out, at, size);
                        put(kept(w1, scale, offset), out, at + 16, size);
                        put(kept(w2, scale, offset), out, at + 32, size);
                        put(kept(w3, scale, offset), out, at + 48, size);
                    }
                }
            }
        }
    }

    private static IntVector words(LongVector even, LongVector odd) {
        return even.and(LOW).or(odd.lanewise(LSHL, 32)).reinterpretAsInts();
    }

    private static FloatVector unit(IntVector words) {
        return ((FloatVector) words.lanewise(LSHR, 8).convert(I2F, 0)).mul(0x1p-24f);
    }

    private static FloatVector kept(IntVector words, float scale, float keep) {
        return Lanes.zero().blend(scale, unit(words).compare(LT, keep));
    }

    private static void putNormal(boolean add, FloatVector value, MemorySegment in, MemorySegment out, float scale, long at, long size) {
        if (!add) {
            put(value, out, at, size);
        } else if (at + Lanes.L <= size) {
            Lanes.store(value.fma(FloatVector.broadcast(Lanes.F, scale), Lanes.load(in, at)), out, at);
        } else if (at < size) {
            var mask = Lanes.before(at, size);
            Lanes.store(value.fma(FloatVector.broadcast(Lanes.F, scale), Lanes.load(in, at, mask)), out, at, mask);
        }
    }

    private static void put(FloatVector value, MemorySegment out, long at, long size) {
        if (at + Lanes.L <= size) {
            Lanes.store(value, out, at);
        } else if (at < size) {
            Lanes.store(value, out, at, Lanes.before(at, size));
        }
    }
}
