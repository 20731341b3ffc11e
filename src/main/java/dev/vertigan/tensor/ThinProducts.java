package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;

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
    void multiply(MemorySegment a, boolean transposeA, MemorySegment b, boolean transposeB, MemorySegment out, int m, int n, int k,
            boolean accumulate) {
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

    /// `out[i, j] = Σ_p a(i, p) · b[p, j]` for rows [from, to) and few terms; a(i, p) lies at `i · aRow + p · aTerm`.
    private static void outer(MemorySegment a, int aRow, int aTerm, MemorySegment b, MemorySegment out, long from, long to, int n, int k,
            boolean accumulate) {
        for (long i = from; i < to; i++) {
            long at = i * aRow;
            if (accumulate) {
                addProduct(a.getAtIndex(JAVA_FLOAT, at), b, 0, out, i * n, n);
            } else {
                product(a.getAtIndex(JAVA_FLOAT, at), b, out, i * n, n);
            }
            for (int p = 1; p < k; p++) {
                addProduct(a.getAtIndex(JAVA_FLOAT, at + (long) p * aTerm), b, (long) p * n, out, i * n, n);
            }
        }
    }

    private static void product(float factor, MemorySegment x, MemorySegment out, long outAt, int n) {
        long whole = Lanes.wholeEnd(0, n);
        for (long j = 0; j < whole; j += L) {
            fromMemorySegment(F, x, 4 * j, ORDER).mul(factor).intoMemorySegment(out, 4 * (outAt + j), ORDER);
        }
        for (long j = whole; j < n; j++) {
            out.setAtIndex(JAVA_FLOAT, outAt + j, x.getAtIndex(JAVA_FLOAT, j) * factor);
        }
    }

    private static void addProduct(float factor, MemorySegment x, long xAt, MemorySegment out, long outAt, int n) {
        long whole = Lanes.wholeEnd(0, n);
        for (long j = 0; j < whole; j += L) {
            FloatVector before = fromMemorySegment(F, out, 4 * (outAt + j), ORDER);
            FloatVector after = fromMemorySegment(F, x, 4 * (xAt + j), ORDER).fma(broadcast(F, factor), before);
            after.intoMemorySegment(out, 4 * (outAt + j), ORDER);
        }
        for (long j = whole; j < n; j++) {
            out.setAtIndex(JAVA_FLOAT, outAt + j, Math.fma(x.getAtIndex(JAVA_FLOAT, xAt + j), factor, out.getAtIndex(JAVA_FLOAT, outAt + j)));
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
        FloatVector sum0 = zero(F);
        FloatVector sum1 = zero(F);
        long a = 4 * xAt; // bytes, as is p
        long b = 4 * yAt;
        long p = 0;
        for (long end = 4L * k - 2 * BYTES; p <= end; p += 2 * BYTES) {
            sum0 = fromMemorySegment(F, x, a + p, ORDER).fma(fromMemorySegment(F, y, b + p, ORDER), sum0);
            sum1 = fromMemorySegment(F, x, a + p + BYTES, ORDER).fma(fromMemorySegment(F, y, b + p + BYTES, ORDER), sum1);
        }
        for (; p < 4L * k; p += BYTES) {
            VectorMask<Float> mask = F.indexInRange(p / 4, k);
            sum0 = fromMemorySegment(F, x, a + p, ORDER, mask).fma(fromMemorySegment(F, y, b + p, ORDER, mask), sum0);
        }
        return Lanes.sum(sum0.add(sum1));
    }

    /// `out[outAt + l] = Σ_p x[p, l] · y(p)` for l in [from, to), the terms in order; y(p) lies at `yAt + p · yTerm`.
    private static void sums(MemorySegment x, int length, MemorySegment y, int yTerm, long yAt, int k, MemorySegment out, long outAt,
            long from, long to, boolean accumulate) {
        long l = from;
        for (; l + 4 * L <= to; l += 4 * L) {
            FloatVector sum0 = zero(F);
            FloatVector sum1 = zero(F);
            FloatVector sum2 = zero(F);
            FloatVector sum3 = zero(F);
            long at = 4 * l;
            for (int p = 0; p < k; p++) {
                FloatVector factor = broadcast(F, y.getAtIndex(JAVA_FLOAT, yAt + (long) p * yTerm));
                sum0 = fromMemorySegment(F, x, at, ORDER).fma(factor, sum0);
                sum1 = fromMemorySegment(F, x, at + BYTES, ORDER).fma(factor, sum1);
                sum2 = fromMemorySegment(F, x, at + 2 * BYTES, ORDER).fma(factor, sum2);
                sum3 = fromMemorySegment(F, x, at + 3 * BYTES, ORDER).fma(factor, sum3);
                at += 4L * length;
            }
            put(sum0, out, outAt + l, accumulate);
            put(sum1, out, outAt + l + L, accumulate);
            put(sum2, out, outAt + l + 2 * L, accumulate);
            put(sum3, out, outAt + l + 3 * L, accumulate);
        }
        for (; l < to; l += L) {
            VectorMask<Float> mask = F.indexInRange(l, to);
            FloatVector sum = zero(F);
            for (int p = 0; p < k; p++) {
                FloatVector factor = broadcast(F, y.getAtIndex(JAVA_FLOAT, yAt + (long) p * yTerm));
                sum = fromMemorySegment(F, x, 4 * ((long) p * length + l), ORDER, mask).fma(factor, sum);
            }
            if (accumulate) {
                sum = sum.add(fromMemorySegment(F, out, 4 * (outAt + l), ORDER, mask));
            }
            sum.intoMemorySegment(out, 4 * (outAt + l), ORDER, mask);
        }
    }

    /// Once per k terms, so it may cost a boxed vector.
    private static void put(FloatVector sum, MemorySegment out, long at, boolean accumulate) {
        FloatVector value = accumulate ? fromMemorySegment(F, out, 4 * at, ORDER).add(sum) : sum;
        value.intoMemorySegment(out, 4 * at, ORDER);
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
