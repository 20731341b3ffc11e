package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.FloatMath;
import dev.vertigan.tensor.HostRandom;
import dev.vertigan.tensor.Philox;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Fills tensors with the numbers [Philox] defines. Counters run in 64-bit lanes, even ones in one vector and odd ones in another,
/// since the products are 64 bits wide; interleaved, they give full vectors of 32-bit words in counter order.
///
/// Until the JVM has compiled them, vectors take a hundred times as long as [HostRandom], which gives the same bits: so the first groups of
/// a call are drawn with vectors, for the JVM to learn from, and the others without, until enough have been drawn.
public final class SimdRandom {

    private static final long GROUPS_PER_THREAD = 32; // 2,048 elements
    public static final int LEARNT_FROM = 1024; // groups
    private static final int LEARNT_FROM_AT_ONCE = 4;

    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
    private static final VectorSpecies<Long> J = VectorSpecies.of(long.class, F.vectorShape());
    private static final LongVector EVEN = LongVector.zero(J).addIndex(2);
    private static final long LOW = 0xFFFF_FFFFL;

    /// What becomes of the words.
    private enum Kind { NORMAL, ADD_NORMAL, UNIFORM, MASK }

    private final Workers workers;
    private long drawn; // groups with vectors, at least

    public SimdRandom(Workers workers) {
        this.workers = workers;
    }

    public void normal(Tensor out, Draw draw) {
        fill(Kind.NORMAL, out, out, 1, 0, draw);
    }

    public void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        Shapes.same("out", out, a);
        fill(Kind.ADD_NORMAL, a, out, scale, 0, draw);
    }

    public void uniform(Tensor out, float low, float high, Draw draw) {
        fill(Kind.UNIFORM, out, out, high - low, low, draw);
    }

    public void dropoutMask(Tensor mask, float keep, Draw draw) {
        Shapes.keep(keep);
        fill(Kind.MASK, mask, mask, 1 / keep, keep, draw);
    }

    private void fill(Kind kind, Tensor in, Tensor out, float scale, float offset, Draw draw) {
        long size = out.size();
        long first = draw.first(out);
        Philox.check(draw.step(), (first + size) / 4);
        long ins = in.address();
        long outs = out.address();
        long firstGroup = first / Philox.GROUP;
        int begin = (int) (first % Philox.GROUP); // a part may begin within a group
        long groups = (begin + size + Philox.GROUP - 1) / Philox.GROUP;
        long withVectors = drawn < LEARNT_FROM ? LEARNT_FROM_AT_ONCE : groups; // of each part
        workers.splitRows(groups, GROUPS_PER_THREAD,
                (from, to) -> groups(kind, ins, outs, scale, offset, draw, firstGroup, begin, from, to, size, withVectors));
        drawn += Math.min(groups, withVectors);
    }

    private static void groups(Kind kind, long in, long out, float scale, float offset, Draw draw, long firstGroup, int begin, long from, long to,
            long size, long withVectors) {
        int[] words = new int[Philox.GROUP];
        float[] values = new float[Philox.GROUP];
        float[] radii = new float[Philox.GROUP];
        for (long group = from; group < to; group++) {
            if (group - from < withVectors) {
                words(draw, firstGroup + group, words);
                vectors(kind, words, values, radii, scale, offset);
            } else {
                HostRandom.words(draw, firstGroup + group, words);
                elements(kind, words, values, scale, offset);
            }
            int skipped = group == 0 ? begin : 0;
            long at = group * Philox.GROUP - begin + skipped;
            int count = (int) Math.min(Philox.GROUP - skipped, size - at);
            if (skipped > 0) {
                System.arraycopy(values, skipped, values, 0, count);
            }
            if (kind == Kind.ADD_NORMAL) {
                addScaled(values, scale, in, out, at, count);
            } else {
                MemorySegment.copy(values, 0, ALL, JAVA_FLOAT, out + at * Float.BYTES, count);
            }
        }
    }

    private static void vectors(Kind kind, int[] words, float[] values, float[] radii, float scale, float offset) {
        switch (kind) {
            case NORMAL, ADD_NORMAL -> normals(words, values, radii);
            case UNIFORM -> uniforms(words, values, scale, offset);
            case MASK -> mask(words, values, scale, offset);
        }
    }

    private static void elements(Kind kind, int[] words, float[] values, float scale, float offset) {
        switch (kind) {
            case NORMAL, ADD_NORMAL -> HostRandom.normals(words, values);
            case UNIFORM -> HostRandom.uniforms(words, values, scale, offset);
            case MASK -> HostRandom.mask(words, values, scale, offset);
        }
    }

    private static void words(Draw draw, long group, int[] words) {
        for (int sub = 0; sub < Philox.COUNTERS; sub += L) {
            words(draw, group * Philox.COUNTERS + sub, words, sub);
        }
    }

    /// Words 0 to 3 of L counters, word w at `sub + 16 · w`. Counter `counter + 2 · lane` is in a, the next one in b.
    ///
    /// Words lie in the low halves of longs; the high halves of words 1 and 3 hold rubbish, which the mask of the next product drops.
    /// Both factors of a product are masked, the constant one too: that is what the compiler knows as a 32-bit multiplication.
    private static void words(Draw draw, long counter, int[] words, int sub) {
        LongVector m0 = LongVector.broadcast(J, Philox.MULTIPLIER_0).and(LOW);
        LongVector m1 = LongVector.broadcast(J, Philox.MULTIPLIER_1).and(LOW);
        LongVector a0 = EVEN.add(counter & LOW);
        LongVector a1 = LongVector.broadcast(J, draw.stream() & LOW);
        LongVector a2 = LongVector.broadcast(J, draw.step() & LOW);
        LongVector a3 = LongVector.broadcast(J, Philox.upper(draw.step(), counter) & LOW);
        LongVector b0 = a0.add(1);
        LongVector b1 = a1;
        LongVector b2 = a2;
        LongVector b3 = a3;
        int k0 = (int) draw.seed();
        int k1 = (int) (draw.seed() >>> 32);
        for (int round = 0; round < Philox.ROUNDS; round++) {
            LongVector p0 = a0.and(LOW).mul(m0);
            LongVector p1 = a2.and(LOW).mul(m1);
            LongVector q0 = b0.and(LOW).mul(m0);
            LongVector q1 = b2.and(LOW).mul(m1);
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
        a0.and(LOW).or(b0.lanewise(LSHL, 32)).reinterpretAsInts().intoArray(words, sub);
        a1.and(LOW).or(b1.lanewise(LSHL, 32)).reinterpretAsInts().intoArray(words, sub + 16);
        a2.and(LOW).or(b2.lanewise(LSHL, 32)).reinterpretAsInts().intoArray(words, sub + 32);
        a3.and(LOW).or(b3.lanewise(LSHL, 32)).reinterpretAsInts().intoArray(words, sub + 48);
    }

    /// Words 0 and 1 give a pair of numbers, 2 and 3 another: one the radius, one the angle.
    private static void normals(int[] words, float[] values, float[] radii) {
        FloatMath.radii(words, radii, 0, 16);
        FloatMath.radii(words, radii, 32, 48);
        for (int pair = 0; pair < Philox.GROUP; pair += 32) {
            FloatMath.circles(words, pair + 16, radii, pair, values, pair, 16);
        }
    }

    private static void uniforms(int[] words, float[] values, float scale, float offset) {
        for (int i = 0; i < Philox.GROUP; i += L) {
            FloatVector unit = ((FloatVector) IntVector.fromArray(I, words, i).lanewise(LSHR, 8).convert(I2F, 0)).mul(0x1p-24f);
            unit.fma(broadcast(F, scale), broadcast(F, offset)).intoArray(values, i);
        }
    }

    private static void mask(int[] words, float[] values, float scale, float keep) {
        for (int i = 0; i < Philox.GROUP; i += L) {
            FloatVector unit = ((FloatVector) IntVector.fromArray(I, words, i).lanewise(LSHR, 8).convert(I2F, 0)).mul(0x1p-24f);
            zero(F).blend(scale, unit.compare(LT, keep)).intoArray(values, i);
        }
    }

    private static void addScaled(float[] values, float scale, long in, long out, long at, int count) {
        FloatVector scales = broadcast(F, scale);
        for (int i = 0; i < count; i += L) {
            FloatVector value = FloatVector.fromArray(F, values, i);
            if (i + L <= count) {
                value.fma(scales, fromMemorySegment(F, ALL, in + 4L * (at + i), ORDER)).intoMemorySegment(ALL, out + 4L * (at + i), ORDER);
            } else {
                VectorMask<Float> rest = F.indexInRange(i, count);
                FloatVector sum = value.fma(scales, fromMemorySegment(F, ALL, in + 4L * (at + i), ORDER, rest));
                sum.intoMemorySegment(ALL, out + 4L * (at + i), ORDER, rest);
            }
        }
    }
}
