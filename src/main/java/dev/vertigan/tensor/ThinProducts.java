package dev.vertigan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Matrix products with an extent of at most [#WIDEST]: the logit of a discriminator, points of the plane, single samples.
final class ThinProducts {

    static final int WIDEST = 4;

    private static final long MULTIPLY_ADDS_PER_THREAD = 1 << 16;

    private final Workers workers;
    private MemorySegment packed = Arena.ofAuto().allocate(4096, 64);

    ThinProducts(Workers workers) {
        this.workers = workers;
    }

    /// `out[m, n] = op(a)[m, k] · op(b)[k, n]`, one of m, n, k being at most [#WIDEST].
    void multiply(MemorySegment a, boolean transposeA, MemorySegment b, boolean transposeB, MemorySegment out, int m, int n, int k, boolean accumulate) {
        if (k <= WIDEST) {
            MemorySegment rows = transposeB && k > 1 ? pack(b, k, n, 1, k) : b;
            long grain = Math.max(1, MULTIPLY_ADDS_PER_THREAD / ((long) n * k));
            workers.splitRows(m, grain, (from, to) -> outer(a, transposeA ? 1 : k, transposeA ? m : 1, rows, out, from, to, n, k, accumulate));
        } else if (n <= WIDEST) {
            thin(a, !transposeA, m, b, transposeB ? 1 : n, transposeB ? k : 1, n, out, n, 1, k, accumulate);
        } else {
            thin(b, transposeB, n, a, transposeA ? m : 1, transposeA ? 1 : k, m, out, 1, n, k, accumulate);
        }
    }

    /// `out[i, j] = Σ_p a(i, p) · b[p, j]` for rows [from, to), k ≤ 4 terms; a(i, p) lies at `i · aRow + p · aTerm`.
    private static void outer(MemorySegment a, int aRow, int aTerm, MemorySegment b, MemorySegment out, long from, long to, int n, int k, boolean accumulate) {
        int whole = (int) Lanes.wholeEnd(0, n);
        VectorMask<Float> rest = Lanes.before(whole, n);
        for (long i = from; i < to; i++) {
            long at = i * aRow;
            float a0 = a.getAtIndex(JAVA_FLOAT, at);
            float a1 = k > 1 ? a.getAtIndex(JAVA_FLOAT, at + aTerm) : 0;
            float a2 = k > 2 ? a.getAtIndex(JAVA_FLOAT, at + 2L * aTerm) : 0;
            float a3 = k > 3 ? a.getAtIndex(JAVA_FLOAT, at + 3L * aTerm) : 0;
            for (int j = 0; j < whole; j += Lanes.L) {
                FloatVector sum = Lanes.load(b, j).mul(a0);
                if (k > 1) {
                    sum = Lanes.load(b, n + j).fma(FloatVector.broadcast(Lanes.F, a1), sum);
                }
                if (k > 2) {
                    sum = Lanes.load(b, 2L * n + j).fma(FloatVector.broadcast(Lanes.F, a2), sum);
                }
                if (k > 3) {
                    sum = Lanes.load(b, 3L * n + j).fma(FloatVector.broadcast(Lanes.F, a3), sum);
                }
                Lanes.store(accumulate ? Lanes.load(out, i * n + j).add(sum) : sum, out, i * n + j);
            }
            if (whole < n) {
                FloatVector sum = Lanes.load(b, whole, rest).mul(a0);
                if (k > 1) {
                    sum = Lanes.load(b, n + whole, rest).fma(FloatVector.broadcast(Lanes.F, a1), sum);
                }
                if (k > 2) {
                    sum = Lanes.load(b, 2L * n + whole, rest).fma(FloatVector.broadcast(Lanes.F, a2), sum);
                }
                if (k > 3) {
                    sum = Lanes.load(b, 3L * n + whole, rest).fma(FloatVector.broadcast(Lanes.F, a3), sum);
                }
                Lanes.store(accumulate ? Lanes.load(out, i * n + whole, rest).add(sum) : sum, out, i * n + whole, rest);
            }
        }
    }

    /// `out(l, s) = Σ_p x(l, p) · y(p, s)` with s < width ≤ 4. x is `[length, k]` if `xRows`, else `[k, length]`;
    /// y(p, s) lies at `p · yTerm + s · yThin`, out(l, s) at `l · outLong + s · outThin`.
    private void thin(MemorySegment x, boolean xRows, int length, MemorySegment y, int yTerm, int yThin, int width,
            MemorySegment out, int outLong, int outThin, int k, boolean accumulate) {
        long grain = Math.max(1, MULTIPLY_ADDS_PER_THREAD / ((long) width * k));
        if (xRows) {
            MemorySegment rows = yTerm == 1 ? y : pack(y, width, k, yThin, yTerm);
            workers.splitRows(length, grain, (from, to) -> {
                for (long l = from; l < to; l++) {
                    for (int s = 0; s < width; s++) {
                        put(out, l * outLong + (long) s * outThin, dot(x, l * k, rows, (long) s * k, k), accumulate);
                    }
                }
            });
        } else if (outLong == 1) {
            workers.split(length, Math.max(64, grain), (from, to) -> {
                for (int s = 0; s < width; s++) {
                    sums(x, length, y, yTerm, (long) s * yThin, k, out, (long) s * outThin, from, to, accumulate);
                }
            });
        } else {
            MemorySegment columns = room((long) width * length); // [width, length], to be interleaved
            workers.split(length, Math.max(64, grain), (from, to) -> {
                for (int s = 0; s < width; s++) {
                    sums(x, length, y, yTerm, (long) s * yThin, k, columns, (long) s * length, from, to, false);
                    for (long l = from; l < to; l++) {
                        put(out, l * outLong + (long) s * outThin, columns.getAtIndex(JAVA_FLOAT, (long) s * length + l), accumulate);
                    }
                }
            });
        }
    }

    private static void put(MemorySegment out, long at, float value, boolean accumulate) {
        out.setAtIndex(JAVA_FLOAT, at, accumulate ? out.getAtIndex(JAVA_FLOAT, at) + value : value);
    }

    private static float dot(MemorySegment x, long xAt, MemorySegment y, long yAt, int k) {
        FloatVector sum0 = Lanes.zero();
        FloatVector sum1 = Lanes.zero();
        FloatVector sum2 = Lanes.zero();
        FloatVector sum3 = Lanes.zero();
        int p = 0;
        for (int whole = k - 4 * Lanes.L; p <= whole; p += 4 * Lanes.L) {
            sum0 = Lanes.load(x, xAt + p).fma(Lanes.load(y, yAt + p), sum0);
            sum1 = Lanes.load(x, xAt + p + Lanes.L).fma(Lanes.load(y, yAt + p + Lanes.L), sum1);
            sum2 = Lanes.load(x, xAt + p + 2 * Lanes.L).fma(Lanes.load(y, yAt + p + 2 * Lanes.L), sum2);
            sum3 = Lanes.load(x, xAt + p + 3 * Lanes.L).fma(Lanes.load(y, yAt + p + 3 * Lanes.L), sum3);
        }
        for (int whole = k - Lanes.L; p <= whole; p += Lanes.L) {
            sum0 = Lanes.load(x, xAt + p).fma(Lanes.load(y, yAt + p), sum0);
        }
        if (p < k) {
            VectorMask<Float> rest = Lanes.before(p, k);
            sum1 = Lanes.load(x, xAt + p, rest).fma(Lanes.load(y, yAt + p, rest), sum1);
        }
        return Lanes.sum(sum0.add(sum1).add(sum2.add(sum3)));
    }

    /// `out[outAt + l] = Σ_p x[p, l] · y(p)` for l in [from, to), the terms in order; y(p) lies at `yAt + p · yTerm`.
    private static void sums(MemorySegment x, int length, MemorySegment y, int yTerm, long yAt, int k, MemorySegment out, long outAt,
            long from, long to, boolean accumulate) {
        long l = from;
        for (; l + 4 * Lanes.L <= to; l += 4 * Lanes.L) {
            FloatVector sum0 = Lanes.zero();
            FloatVector sum1 = Lanes.zero();
            FloatVector sum2 = Lanes.zero();
            FloatVector sum3 = Lanes.zero();
            for (int p = 0; p < k; p++) {
                FloatVector factor = FloatVector.broadcast(Lanes.F, y.getAtIndex(JAVA_FLOAT, yAt + (long) p * yTerm));
                long at = (long) p * length + l;
                sum0 = Lanes.load(x, at).fma(factor, sum0);
                sum1 = Lanes.load(x, at + Lanes.L).fma(factor, sum1);
                sum2 = Lanes.load(x, at + 2 * Lanes.L).fma(factor, sum2);
                sum3 = Lanes.load(x, at + 3 * Lanes.L).fma(factor, sum3);
            }
            Lanes.store(accumulate ? Lanes.load(out, outAt + l).add(sum0) : sum0, out, outAt + l);
            Lanes.store(accumulate ? Lanes.load(out, outAt + l + Lanes.L).add(sum1) : sum1, out, outAt + l + Lanes.L);
            Lanes.store(accumulate ? Lanes.load(out, outAt + l + 2 * Lanes.L).add(sum2) : sum2, out, outAt + l + 2 * Lanes.L);
            Lanes.store(accumulate ? Lanes.load(out, outAt + l + 3 * Lanes.L).add(sum3) : sum3, out, outAt + l + 3 * Lanes.L);
        }
        for (; l < to; l += Lanes.L) {
            VectorMask<Float> mask = Lanes.before(l, to);
            FloatVector sum = Lanes.zero();
            for (int p = 0; p < k; p++) {
                sum = Lanes.load(x, (long) p * length + l, mask).fma(FloatVector.broadcast(Lanes.F, y.getAtIndex(JAVA_FLOAT, yAt + (long) p * yTerm)), sum);
            }
            Lanes.store(accumulate ? Lanes.load(out, outAt + l, mask).add(sum) : sum, out, outAt + l, mask);
        }
    }

    /// `[rows, columns]` contiguous, of elements at `row · rowStride + column · columnStride`.
    private MemorySegment pack(MemorySegment from, int rows, int columns, int rowStride, int columnStride) {
        MemorySegment to = room((long) rows * columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to.setAtIndex(JAVA_FLOAT, (long) row * columns + column,
                        from.getAtIndex(JAVA_FLOAT, (long) row * rowStride + (long) column * columnStride));
            }
        }
        return to;
    }

    private MemorySegment room(long floats) {
        if (packed.byteSize() < floats * Float.BYTES) {
            packed = Arena.ofAuto().allocate(floats * Float.BYTES, 64);
        }
        return packed;
    }
}
