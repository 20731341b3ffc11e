package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;

/// The sums and differences around the products of [WinogradConvolution], lanes over channels. Addresses and distances are in bytes; a `plane` is
/// how far the nine matrices are apart, which lie in the order 00, 01, 02, 10, … 22.
final class WinogradTransforms {

    private WinogradTransforms() {}

    /// `Bᵀ d B` of one tile's 3×3 cells: rows (d₀ − d₁, d₁, d₁ − d₂), then columns likewise.
    static void inputs(long d00, long d01, long d02, long d10, long d11, long d12, long d20, long d21, long d22, long v, long plane, int bytes) {
        for (int c = 0; c < bytes; c += BYTES) {
            FloatVector m0 = fromMemorySegment(F, ALL, d10 + c, ORDER);
            FloatVector m1 = fromMemorySegment(F, ALL, d11 + c, ORDER);
            FloatVector m2 = fromMemorySegment(F, ALL, d12 + c, ORDER);
            FloatVector t0 = fromMemorySegment(F, ALL, d00 + c, ORDER).sub(m0);
            FloatVector t1 = fromMemorySegment(F, ALL, d01 + c, ORDER).sub(m1);
            FloatVector t2 = fromMemorySegment(F, ALL, d02 + c, ORDER).sub(m2);
            FloatVector b0 = m0.sub(fromMemorySegment(F, ALL, d20 + c, ORDER));
            FloatVector b1 = m1.sub(fromMemorySegment(F, ALL, d21 + c, ORDER));
            FloatVector b2 = m2.sub(fromMemorySegment(F, ALL, d22 + c, ORDER));
            long to = v + c;
            t0.sub(t1).intoMemorySegment(ALL, to, ORDER);
            t1.intoMemorySegment(ALL, to + plane, ORDER);
            t1.sub(t2).intoMemorySegment(ALL, to + 2 * plane, ORDER);
            m0.sub(m1).intoMemorySegment(ALL, to + 3 * plane, ORDER);
            m1.intoMemorySegment(ALL, to + 4 * plane, ORDER);
            m1.sub(m2).intoMemorySegment(ALL, to + 5 * plane, ORDER);
            b0.sub(b1).intoMemorySegment(ALL, to + 6 * plane, ORDER);
            b1.intoMemorySegment(ALL, to + 7 * plane, ORDER);
            b1.sub(b2).intoMemorySegment(ALL, to + 8 * plane, ORDER);
        }
    }

    /// `Aᵀ M A` of one tile: rows (m₀ + m₁, m₁ − m₂), then columns likewise.
    static void outputs(long m, long plane, long y00, long y01, long y10, long y11, int bytes) {
        for (int c = 0; c < bytes; c += BYTES) {
            long at = m + c;
            FloatVector m10 = fromMemorySegment(F, ALL, at + 3 * plane, ORDER);
            FloatVector m11 = fromMemorySegment(F, ALL, at + 4 * plane, ORDER);
            FloatVector m12 = fromMemorySegment(F, ALL, at + 5 * plane, ORDER);
            FloatVector t0 = fromMemorySegment(F, ALL, at, ORDER).add(m10);
            FloatVector t1 = fromMemorySegment(F, ALL, at + plane, ORDER).add(m11);
            FloatVector t2 = fromMemorySegment(F, ALL, at + 2 * plane, ORDER).add(m12);
            FloatVector b0 = m10.sub(fromMemorySegment(F, ALL, at + 6 * plane, ORDER));
            FloatVector b1 = m11.sub(fromMemorySegment(F, ALL, at + 7 * plane, ORDER));
            FloatVector b2 = m12.sub(fromMemorySegment(F, ALL, at + 8 * plane, ORDER));
            t0.add(t1).intoMemorySegment(ALL, y00 + c, ORDER);
            t1.sub(t2).intoMemorySegment(ALL, y01 + c, ORDER);
            b0.add(b1).intoMemorySegment(ALL, y10 + c, ORDER);
            b1.sub(b2).intoMemorySegment(ALL, y11 + c, ORDER);
        }
    }

    /// `A y Aᵀ` of one tile's 2×2 outputs: rows (y₀, y₀ + y₁, −y₁), then columns likewise.
    static void outputsTransposed(long y00, long y01, long y10, long y11, long m, long plane, int bytes) {
        for (int c = 0; c < bytes; c += BYTES) {
            FloatVector t0 = fromMemorySegment(F, ALL, y00 + c, ORDER);
            FloatVector t1 = fromMemorySegment(F, ALL, y01 + c, ORDER);
            FloatVector b0 = fromMemorySegment(F, ALL, y10 + c, ORDER);
            FloatVector b1 = fromMemorySegment(F, ALL, y11 + c, ORDER);
            FloatVector s0 = t0.add(b0);
            FloatVector s1 = t1.add(b1);
            long to = m + c;
            t0.intoMemorySegment(ALL, to, ORDER);
            t0.add(t1).intoMemorySegment(ALL, to + plane, ORDER);
            t1.neg().intoMemorySegment(ALL, to + 2 * plane, ORDER);
            s0.intoMemorySegment(ALL, to + 3 * plane, ORDER);
            s0.add(s1).intoMemorySegment(ALL, to + 4 * plane, ORDER);
            s1.neg().intoMemorySegment(ALL, to + 5 * plane, ORDER);
            b0.neg().intoMemorySegment(ALL, to + 6 * plane, ORDER);
            b0.add(b1).neg().intoMemorySegment(ALL, to + 7 * plane, ORDER);
            b1.intoMemorySegment(ALL, to + 8 * plane, ORDER);
        }
    }

    /// `B V Bᵀ` for the 2×2 cells that begin a tile: along each axis the even cell is v₀ − v₂ of the tile before, the odd one
    /// v₁ + v₂ − v₀.
    ///
    /// @param here the tile
    /// @param left the tile before it in its row
    /// @param over the tile above
    /// @param corner the one before that
    static void inputsTransposed(long here, long herePlane, long left, long leftPlane, long over, long overPlane, long corner, long cornerPlane,
            long d00, long d01, long d10, long d11, int bytes) {
        for (int c = 0; c < bytes; c += BYTES) {
            FloatVector a0 = fromMemorySegment(F, ALL, here + c, ORDER);
            FloatVector even0 = a0.sub(fromMemorySegment(F, ALL, left + c + 2 * leftPlane, ORDER));
            FloatVector odd0 = fromMemorySegment(F, ALL, here + c + herePlane, ORDER)
                    .add(fromMemorySegment(F, ALL, here + c + 2 * herePlane, ORDER)).sub(a0);
            FloatVector evenOver = fromMemorySegment(F, ALL, over + c + 6 * overPlane, ORDER)
                    .sub(fromMemorySegment(F, ALL, corner + c + 8 * cornerPlane, ORDER));
            FloatVector oddOver = fromMemorySegment(F, ALL, over + c + 7 * overPlane, ORDER)
                    .add(fromMemorySegment(F, ALL, over + c + 8 * overPlane, ORDER)).sub(fromMemorySegment(F, ALL, over + c + 6 * overPlane, ORDER));
            even0.sub(evenOver).intoMemorySegment(ALL, d00 + c, ORDER);
            odd0.sub(oddOver).intoMemorySegment(ALL, d01 + c, ORDER);
            FloatVector rest0 = fromMemorySegment(F, ALL, here + c + 3 * herePlane, ORDER)
                    .add(fromMemorySegment(F, ALL, here + c + 6 * herePlane, ORDER)).sub(a0);
            FloatVector rest1 = fromMemorySegment(F, ALL, here + c + 4 * herePlane, ORDER)
                    .add(fromMemorySegment(F, ALL, here + c + 7 * herePlane, ORDER)).sub(fromMemorySegment(F, ALL, here + c + herePlane, ORDER));
            FloatVector rest2 = fromMemorySegment(F, ALL, here + c + 5 * herePlane, ORDER)
                    .add(fromMemorySegment(F, ALL, here + c + 8 * herePlane, ORDER)).sub(fromMemorySegment(F, ALL, here + c + 2 * herePlane, ORDER));
            FloatVector restLeft = fromMemorySegment(F, ALL, left + c + 5 * leftPlane, ORDER)
                    .add(fromMemorySegment(F, ALL, left + c + 8 * leftPlane, ORDER)).sub(fromMemorySegment(F, ALL, left + c + 2 * leftPlane, ORDER));
            rest0.sub(restLeft).intoMemorySegment(ALL, d10 + c, ORDER);
            rest1.add(rest2).sub(rest0).intoMemorySegment(ALL, d11 + c, ORDER);
        }
    }

    /// `G g Gᵀ` of weights [from, to): rows (g₀, g₀ + g₁, g₁), then columns likewise. The second row of cells is `down` away, the second
    /// column `across`.
    static void weights(long g, long down, long across, long u, long plane, long from, long to) {
        for (long i = 4 * from; i < 4 * to; i += BYTES) {
            FloatVector g00 = fromMemorySegment(F, ALL, g + i, ORDER);
            FloatVector g01 = fromMemorySegment(F, ALL, g + across + i, ORDER);
            FloatVector g10 = fromMemorySegment(F, ALL, g + down + i, ORDER);
            FloatVector g11 = fromMemorySegment(F, ALL, g + down + across + i, ORDER);
            FloatVector s0 = g00.add(g10);
            FloatVector s1 = g01.add(g11);
            g00.intoMemorySegment(ALL, u + i, ORDER);
            g00.add(g01).intoMemorySegment(ALL, u + plane + i, ORDER);
            g01.intoMemorySegment(ALL, u + 2 * plane + i, ORDER);
            s0.intoMemorySegment(ALL, u + 3 * plane + i, ORDER);
            s0.add(s1).intoMemorySegment(ALL, u + 4 * plane + i, ORDER);
            s1.intoMemorySegment(ALL, u + 5 * plane + i, ORDER);
            g10.intoMemorySegment(ALL, u + 6 * plane + i, ORDER);
            g10.add(g11).intoMemorySegment(ALL, u + 7 * plane + i, ORDER);
            g11.intoMemorySegment(ALL, u + 8 * plane + i, ORDER);
        }
    }

    /// `Gᵀ U G` of weights [from, to), added to what is there: rows (u₀ + u₁, u₁ + u₂), then columns likewise.
    static void addWeights(long u, long plane, long g, long down, long across, long from, long to) {
        for (long i = 4 * from; i < 4 * to; i += BYTES) {
            FloatVector m0 = fromMemorySegment(F, ALL, u + 3 * plane + i, ORDER);
            FloatVector m1 = fromMemorySegment(F, ALL, u + 4 * plane + i, ORDER);
            FloatVector m2 = fromMemorySegment(F, ALL, u + 5 * plane + i, ORDER);
            FloatVector t0 = fromMemorySegment(F, ALL, u + i, ORDER).add(m0);
            FloatVector t1 = fromMemorySegment(F, ALL, u + plane + i, ORDER).add(m1);
            FloatVector t2 = fromMemorySegment(F, ALL, u + 2 * plane + i, ORDER).add(m2);
            FloatVector b0 = fromMemorySegment(F, ALL, u + 6 * plane + i, ORDER).add(m0);
            FloatVector b1 = fromMemorySegment(F, ALL, u + 7 * plane + i, ORDER).add(m1);
            FloatVector b2 = fromMemorySegment(F, ALL, u + 8 * plane + i, ORDER).add(m2);
            fromMemorySegment(F, ALL, g + i, ORDER).add(t0.add(t1)).intoMemorySegment(ALL, g + i, ORDER);
            fromMemorySegment(F, ALL, g + across + i, ORDER).add(t1.add(t2)).intoMemorySegment(ALL, g + across + i, ORDER);
            fromMemorySegment(F, ALL, g + down + i, ORDER).add(b0.add(b1)).intoMemorySegment(ALL, g + down + i, ORDER);
            fromMemorySegment(F, ALL, g + down + across + i, ORDER).add(b1.add(b2)).intoMemorySegment(ALL, g + down + across + i, ORDER);
        }
    }
}
