package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;

/// The linear maps around the products of [WinogradConvolution], in one dimension, and their transposes; two dimensions are two of them. Each maps
/// a few stretches of memory, `step` bytes apart, to a few others, lane by lane. Lengths are in bytes, whole vectors.
final class WinogradTransforms {

    private WinogradTransforms() {}

    /// `Bᵀ`, five to five; the inputs lie anywhere.
    static void inputs(long d0, long d1, long d2, long d3, long d4, long out, long outStep, long bytes) {
        for (long i = 0; i < bytes; i += BYTES) {
            FloatVector v1 = fromMemorySegment(F, ALL, d1 + i, ORDER);
            FloatVector v2 = fromMemorySegment(F, ALL, d2 + i, ORDER);
            FloatVector v3 = fromMemorySegment(F, ALL, d3 + i, ORDER);
            FloatVector twice1 = v1.add(v1);
            FloatVector odd = v3.sub(v1);
            FloatVector low = v3.sub(v2);
            FloatVector even = fromMemorySegment(F, ALL, d0 + i, ORDER).sub(v2);
            long to = out + i;
            even.add(even).add(odd).intoMemorySegment(ALL, to, ORDER);
            low.sub(twice1).intoMemorySegment(ALL, to + outStep, ORDER);
            low.sub(v2.add(v2)).add(twice1).intoMemorySegment(ALL, to + 2 * outStep, ORDER);
            odd.intoMemorySegment(ALL, to + 3 * outStep, ORDER);
            fromMemorySegment(F, ALL, d4 + i, ORDER).sub(v2).sub(odd.add(odd)).intoMemorySegment(ALL, to + 4 * outStep, ORDER);
        }
    }

    /// `B`, five to five, added to what is there if `add`; the outputs lie anywhere.
    static void inputsTransposed(long in, long step, long d0, long d1, long d2, long d3, long d4, long bytes, boolean add) {
        FloatVector nothing = FloatVector.zero(F);
        for (long i = 0; i < bytes; i += BYTES) {
            FloatVector v0 = fromMemorySegment(F, ALL, in + i, ORDER);
            FloatVector v1 = fromMemorySegment(F, ALL, in + step + i, ORDER);
            FloatVector v2 = fromMemorySegment(F, ALL, in + 2 * step + i, ORDER);
            FloatVector v3 = fromMemorySegment(F, ALL, in + 3 * step + i, ORDER);
            FloatVector v4 = fromMemorySegment(F, ALL, in + 4 * step + i, ORDER);
            FloatVector twice0 = v0.add(v0);
            FloatVector twice4 = v4.add(v4);
            FloatVector apart = v2.sub(v1);
            FloatVector first = apart.add(apart).add(twice4).sub(v0).sub(v3);
            FloatVector second = v2.mul(-3f).sub(v1).sub(twice0).sub(v4);
            FloatVector third = v0.add(v1).add(v2).add(v3).sub(twice4);
            (add ? fromMemorySegment(F, ALL, d0 + i, ORDER) : nothing).add(twice0).intoMemorySegment(ALL, d0 + i, ORDER);
            (add ? fromMemorySegment(F, ALL, d1 + i, ORDER) : nothing).add(first).intoMemorySegment(ALL, d1 + i, ORDER);
            (add ? fromMemorySegment(F, ALL, d2 + i, ORDER) : nothing).add(second).intoMemorySegment(ALL, d2 + i, ORDER);
            (add ? fromMemorySegment(F, ALL, d3 + i, ORDER) : nothing).add(third).intoMemorySegment(ALL, d3 + i, ORDER);
            (add ? fromMemorySegment(F, ALL, d4 + i, ORDER) : nothing).add(v4).intoMemorySegment(ALL, d4 + i, ORDER);
        }
    }

    /// `Aᵀ`, five to four; the outputs lie anywhere.
    static void outputs(long in, long step, long y0, long y1, long y2, long y3, long bytes) {
        for (long i = 0; i < bytes; i += BYTES) {
            FloatVector m1 = fromMemorySegment(F, ALL, in + step + i, ORDER);
            FloatVector m2 = fromMemorySegment(F, ALL, in + 2 * step + i, ORDER);
            FloatVector m3 = fromMemorySegment(F, ALL, in + 3 * step + i, ORDER);
            FloatVector sum = m1.add(m2);
            FloatVector difference = m1.sub(m2);
            FloatVector twice = m3.add(m3);
            FloatVector fourfold = twice.add(twice);
            fromMemorySegment(F, ALL, in + i, ORDER).add(sum).add(m3).intoMemorySegment(ALL, y0 + i, ORDER);
            difference.add(twice).intoMemorySegment(ALL, y1 + i, ORDER);
            sum.add(fourfold).intoMemorySegment(ALL, y2 + i, ORDER);
            fromMemorySegment(F, ALL, in + 4 * step + i, ORDER).add(difference).add(fourfold.add(fourfold)).intoMemorySegment(ALL, y3 + i, ORDER);
        }
    }

    /// `A`, four to five; the inputs lie anywhere.
    static void outputsTransposed(long y0, long y1, long y2, long y3, long out, long outStep, long bytes) {
        for (long i = 0; i < bytes; i += BYTES) {
            FloatVector v0 = fromMemorySegment(F, ALL, y0 + i, ORDER);
            FloatVector v1 = fromMemorySegment(F, ALL, y1 + i, ORDER);
            FloatVector v2 = fromMemorySegment(F, ALL, y2 + i, ORDER);
            FloatVector v3 = fromMemorySegment(F, ALL, y3 + i, ORDER);
            FloatVector even = v0.add(v2);
            FloatVector odd = v1.add(v3);
            FloatVector fourfold = v2.add(v3.add(v3)).mul(4f);
            long to = out + i;
            v0.intoMemorySegment(ALL, to, ORDER);
            even.add(odd).intoMemorySegment(ALL, to + outStep, ORDER);
            even.sub(odd).intoMemorySegment(ALL, to + 2 * outStep, ORDER);
            v1.add(v1).add(v0).add(fourfold).intoMemorySegment(ALL, to + 3 * outStep, ORDER);
            v3.intoMemorySegment(ALL, to + 4 * outStep, ORDER);
        }
    }

    /// `G`, two to five.
    static void weights(long in, long step, long out, long outStep, long bytes) {
        for (long i = 0; i < bytes; i += BYTES) {
            FloatVector g0 = fromMemorySegment(F, ALL, in + i, ORDER);
            FloatVector g1 = fromMemorySegment(F, ALL, in + step + i, ORDER);
            long to = out + i;
            g0.mul(1 / 2f).intoMemorySegment(ALL, to, ORDER);
            g0.add(g1).mul(-1 / 2f).intoMemorySegment(ALL, to + outStep, ORDER);
            g1.sub(g0).mul(1 / 6f).intoMemorySegment(ALL, to + 2 * outStep, ORDER);
            g1.add(g1).add(g0).mul(1 / 6f).intoMemorySegment(ALL, to + 3 * outStep, ORDER);
            g1.intoMemorySegment(ALL, to + 4 * outStep, ORDER);
        }
    }

    /// `Gᵀ`, five to two, added to what is there if `add`.
    static void weightsTransposed(long in, long step, long out, long outStep, long bytes, boolean add) {
        FloatVector nothing = FloatVector.zero(F);
        for (long i = 0; i < bytes; i += BYTES) {
            FloatVector u0 = fromMemorySegment(F, ALL, in + i, ORDER);
            FloatVector u1 = fromMemorySegment(F, ALL, in + step + i, ORDER);
            FloatVector u2 = fromMemorySegment(F, ALL, in + 2 * step + i, ORDER);
            FloatVector u3 = fromMemorySegment(F, ALL, in + 3 * step + i, ORDER);
            FloatVector g0 = u0.sub(u1).mul(1 / 2f).add(u3.sub(u2).mul(1 / 6f));
            FloatVector g1 = u3.add(u3).add(u2).mul(1 / 6f).sub(u1.mul(1 / 2f)).add(fromMemorySegment(F, ALL, in + 4 * step + i, ORDER));
            (add ? fromMemorySegment(F, ALL, out + i, ORDER) : nothing).add(g0).intoMemorySegment(ALL, out + i, ORDER);
            (add ? fromMemorySegment(F, ALL, out + outStep + i, ORDER) : nothing).add(g1).intoMemorySegment(ALL, out + outStep + i, ORDER);
        }
    }
}
