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
import static jdk.incubator.vector.FloatVector.zero;

import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Workers;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Matrix products with an extent of at most [#WIDEST]: the logit of a discriminator, points of the plane, single samples.
final class ThinProducts {

    static final int WIDEST = 4;

    // Multiply-adds worth a thread. By rows each thread reads and writes what is its own in other kernels too, by columns what is others'.
    private static final long GRAIN_OF_ROWS = 1 << 14;
    private static final long GRAIN_OF_COLUMNS = 1 << 16;

    private final Workers workers;
    private final Scratch scratch = new Scratch();

    ThinProducts(Workers workers) {
        this.workers = workers;
    }

    /// `out[m, n] = op(a)[m, k] · op(b)[k, n]`, one of m, n, k being at most [#WIDEST].
    void multiply(long a, boolean transposeA, long b, boolean transposeB, long out, int m, int n, int k,
            boolean accumulate) {
        if (k <= WIDEST) {
            long rows = transposeB && k > 1 ? pack(b, k, n, 1, k) : b;
            long grain = Math.max(1, GRAIN_OF_ROWS / ((long) n * k));
            workers.splitRows(m, grain, (from, to) -> outer(a, transposeA ? 1 : k, transposeA ? m : 1, rows, out, from, to, n, k, accumulate));
        } else if (n <= WIDEST) {
            thin(a, !transposeA, m, b, transposeB ? 1 : n, transposeB ? k : 1, n, out, n, 1, k, accumulate);
        } else {
            thin(b, transposeB, n, a, transposeA ? m : 1, transposeA ? 1 : k, m, out, 1, n, k, accumulate);
        }
    }

    /// `out[i, j] = Σ_p a(i, p) · b[p, j]` for rows [from, to) and few terms; a(i, p) lies at `i · aRow + p · aTerm`.
    private static void outer(long a, int aRow, int aTerm, long b, long out, long from, long to, int n, int k,
            boolean accumulate) {
        if (accumulate) {
            for (long i = from; i < to; i++) {
                for (int p = 0; p < k; p++) {
                    addProduct(ALL.get(JAVA_FLOAT, a + 4L * (i * aRow + (long) p * aTerm)), b, (long) p * n, out, i * n, n);
                }
            }
            return;
        }
        int strips = n / STRIP * STRIP;
        for (long column = 0; column < strips; column += STRIP) {
            outerStrip(a, aRow, aTerm, b + 4 * column, out + 4 * column, from, to, n, k);
        }
        for (long column = strips; column < n; column += L) {
            outerVector(a, aRow, aTerm, b + 4 * column, out + 4 * column, from, to, n, k, F.indexInRange(column, n));
        }
    }

    /// Four vectors of columns, down the rows.
    private static void outerStrip(long a, int aRow, int aTerm, long b, long out, long from, long to, int n, int k) {
        for (long i = from; i < to; i++) {
            float first = ALL.get(JAVA_FLOAT, a + 4L * (i * aRow));
            FloatVector sum0 = fromMemorySegment(F, ALL, b, ORDER).mul(first);
            FloatVector sum1 = fromMemorySegment(F, ALL, b + BYTES, ORDER).mul(first);
            FloatVector sum2 = fromMemorySegment(F, ALL, b + 2 * BYTES, ORDER).mul(first);
            FloatVector sum3 = fromMemorySegment(F, ALL, b + 3 * BYTES, ORDER).mul(first);
            for (int p = 1; p < k; p++) {
                FloatVector factor = broadcast(F, ALL.get(JAVA_FLOAT, a + 4L * (i * aRow + (long) p * aTerm)));
                long row = b + 4L * p * n;
                sum0 = fromMemorySegment(F, ALL, row, ORDER).fma(factor, sum0);
                sum1 = fromMemorySegment(F, ALL, row + BYTES, ORDER).fma(factor, sum1);
                sum2 = fromMemorySegment(F, ALL, row + 2 * BYTES, ORDER).fma(factor, sum2);
                sum3 = fromMemorySegment(F, ALL, row + 3 * BYTES, ORDER).fma(factor, sum3);
            }
            long to0 = out + 4 * i * n;
            sum0.intoMemorySegment(ALL, to0, ORDER);
            sum1.intoMemorySegment(ALL, to0 + BYTES, ORDER);
            sum2.intoMemorySegment(ALL, to0 + 2 * BYTES, ORDER);
            sum3.intoMemorySegment(ALL, to0 + 3 * BYTES, ORDER);
        }
    }

    private static void outerVector(long a, int aRow, int aTerm, long b, long out, long from, long to, int n, int k, VectorMask<Float> there) {
        for (long i = from; i < to; i++) {
            FloatVector sum = fromMemorySegment(F, ALL, b, ORDER, there).mul(ALL.get(JAVA_FLOAT, a + 4L * (i * aRow)));
            for (int p = 1; p < k; p++) {
                FloatVector factor = broadcast(F, ALL.get(JAVA_FLOAT, a + 4L * (i * aRow + (long) p * aTerm)));
                sum = fromMemorySegment(F, ALL, b + 4L * p * n, ORDER, there).fma(factor, sum);
            }
            sum.intoMemorySegment(ALL, out + 4 * i * n, ORDER, there);
        }
    }

    private static void addProduct(float factor, long x, long xAt, long out, long outAt, int n) {
        int whole = (int) Lanes.wholeEnd(0, n);
        long from = x + 4 * xAt;
        long to = out + 4 * outAt;
        for (int j = 0; j < 4 * whole; j += BYTES) {
            FloatVector before = fromMemorySegment(F, ALL, to + j, ORDER);
            fromMemorySegment(F, ALL, from + j, ORDER).fma(broadcast(F, factor), before).intoMemorySegment(ALL, to + j, ORDER);
        }
        for (int j = whole; j < n; j++) {
            float before = ALL.get(JAVA_FLOAT, to + 4L * j);
            ALL.set(JAVA_FLOAT, to + 4L * j, Math.fma(ALL.get(JAVA_FLOAT, from + 4L * j), factor, before));
        }
    }

    /// `out(l, s) = Σ_p x(l, p) · y(p, s)` with s < width ≤ 4. x is `[length, k]` if `xRows`, else `[k, length]`;
    /// y(p, s) lies at `p · yTerm + s · yThin`, out(l, s) at `l · outLong + s · outThin`.
    private void thin(long x, boolean xRows, int length, long y, int yTerm, int yThin, int width,
            long out, int outLong, int outThin, int k, boolean accumulate) {
        long multiplyAdds = (long) width * k; // of a row, or a column
        long grain = Math.max(64, GRAIN_OF_COLUMNS / multiplyAdds);
        if (xRows) {
            long rows = yTerm == 1 ? y : pack(y, width, k, yThin, yTerm);
            workers.splitRows(length, Math.max(1, GRAIN_OF_ROWS / multiplyAdds), (from, to) -> {
                for (int s = 0; s < width; s++) {
                    dots(x, rows, (long) s * k, k, out, outLong, (long) s * outThin, from, to, accumulate);
                }
            });
        } else if (outLong == 1) {
            workers.split(length, grain, (from, to) -> {
                for (int s = 0; s < width; s++) {
                    sums(x, length, y, yTerm, (long) s * yThin, k, out, (long) s * outThin, from, to, accumulate);
                }
            });
        } else {
            long columns = scratch.floats((long) width * length); // [width, length], to be interleaved
            workers.split(length, grain, (from, to) -> {
                for (int s = 0; s < width; s++) {
                    sums(x, length, y, yTerm, (long) s * yThin, k, columns, (long) s * length, from, to, false);
                    for (long l = from; l < to; l++) {
                        put(out, l * outLong + (long) s * outThin, ALL.get(JAVA_FLOAT, columns + 4L * ((long) s * length + l)), accumulate);
                    }
                }
            });
        }
    }

    private static void put(long out, long at, float value, boolean accumulate) {
        ALL.set(JAVA_FLOAT, out + 4L * at, accumulate ? ALL.get(JAVA_FLOAT, out + 4L * at) + value : value);
    }

    /// `out[outAt + l · outLong] = Σ_p x[l, p] · y[yAt + p]` for l in [from, to): four rows at once, so that their sums overlap.
    private static void dots(long x, long y, long yAt, int k, long out, int outLong, long outAt,
            long from, long to, boolean accumulate) {
        int whole = (int) (4 * Lanes.wholeEnd(0, k)); // bytes
        for (long l = from; l < to; l += 4) {
            // At the end rows are repeated: their sums are not stored.
            long row0 = 4 * l * k;
            long row1 = 4 * Math.min(l + 1, to - 1) * k;
            long row2 = 4 * Math.min(l + 2, to - 1) * k;
            long row3 = 4 * Math.min(l + 3, to - 1) * k;
            FloatVector sum0 = zero(F);
            FloatVector sum1 = zero(F);
            FloatVector sum2 = zero(F);
            FloatVector sum3 = zero(F);
            for (int p = 0; p < whole; p += BYTES) {
                FloatVector factor = fromMemorySegment(F, ALL, y + 4 * yAt + p, ORDER);
                sum0 = fromMemorySegment(F, ALL, x + row0 + p, ORDER).fma(factor, sum0);
                sum1 = fromMemorySegment(F, ALL, x + row1 + p, ORDER).fma(factor, sum1);
                sum2 = fromMemorySegment(F, ALL, x + row2 + p, ORDER).fma(factor, sum2);
                sum3 = fromMemorySegment(F, ALL, x + row3 + p, ORDER).fma(factor, sum3);
            }
            float total0 = Lanes.sum(sum0) + rest(x, l, y, yAt, k);
            float total1 = Lanes.sum(sum1);
            float total2 = Lanes.sum(sum2);
            float total3 = Lanes.sum(sum3);
            put(out, outAt + l * outLong, total0, accumulate);
            if (l + 1 < to) {
                put(out, outAt + (l + 1) * outLong, total1 + rest(x, l + 1, y, yAt, k), accumulate);
            }
            if (l + 2 < to) {
                put(out, outAt + (l + 2) * outLong, total2 + rest(x, l + 2, y, yAt, k), accumulate);
            }
            if (l + 3 < to) {
                put(out, outAt + (l + 3) * outLong, total3 + rest(x, l + 3, y, yAt, k), accumulate);
            }
        }
    }

    /// The terms of a row left after the whole vectors.
    private static float rest(long x, long row, long y, long yAt, int k) {
        float sum = 0;
        for (int p = (int) Lanes.wholeEnd(0, k); p < k; p++) {
            sum = Math.fma(ALL.get(JAVA_FLOAT, x + 4L * (row * k + p)), ALL.get(JAVA_FLOAT, y + 4L * (yAt + p)), sum);
        }
        return sum;
    }

    /// `out[outAt + l] = Σ_p x[p, l] · y(p)` for l in [from, to), the terms in order; y(p) lies at `yAt + p · yTerm`.
    private static void sums(long x, int length, long y, int yTerm, long yAt, int k, long out, long outAt,
            long from, long to, boolean accumulate) {
        long l = from;
        for (; l + 4 * L <= to; l += 4 * L) {
            FloatVector sum0 = zero(F);
            FloatVector sum1 = zero(F);
            FloatVector sum2 = zero(F);
            FloatVector sum3 = zero(F);
            long at = 4 * l;
            for (int p = 0; p < k; p++) {
                FloatVector factor = broadcast(F, ALL.get(JAVA_FLOAT, y + 4L * (yAt + (long) p * yTerm)));
                sum0 = fromMemorySegment(F, ALL, x + at, ORDER).fma(factor, sum0);
                sum1 = fromMemorySegment(F, ALL, x + at + BYTES, ORDER).fma(factor, sum1);
                sum2 = fromMemorySegment(F, ALL, x + at + 2 * BYTES, ORDER).fma(factor, sum2);
                sum3 = fromMemorySegment(F, ALL, x + at + 3 * BYTES, ORDER).fma(factor, sum3);
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
                FloatVector factor = broadcast(F, ALL.get(JAVA_FLOAT, y + 4L * (yAt + (long) p * yTerm)));
                sum = fromMemorySegment(F, ALL, x + 4 * ((long) p * length + l), ORDER, mask).fma(factor, sum);
            }
            if (accumulate) {
                sum = sum.add(fromMemorySegment(F, ALL, out + 4 * (outAt + l), ORDER, mask));
            }
            sum.intoMemorySegment(ALL, out + 4 * (outAt + l), ORDER, mask);
        }
    }

    /// Once per k terms, so it may cost a boxed vector.
    private static void put(FloatVector sum, long out, long at, boolean accumulate) {
        FloatVector value = accumulate ? fromMemorySegment(F, ALL, out + 4 * at, ORDER).add(sum) : sum;
        value.intoMemorySegment(ALL, out + 4 * at, ORDER);
    }

    /// `[rows, columns]` contiguous, of elements at `row · rowStride + column · columnStride`.
    private long pack(long from, int rows, int columns, int rowStride, int columnStride) {
        long to = scratch.floats((long) rows * columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float value = ALL.get(JAVA_FLOAT, from + 4L * ((long) row * rowStride + (long) column * columnStride));
                ALL.set(JAVA_FLOAT, to + 4L * ((long) row * columns + column), value);
            }
        }
        return to;
    }
}
