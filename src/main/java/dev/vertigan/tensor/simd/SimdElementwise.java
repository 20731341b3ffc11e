package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Sums, products and averages, element by element. What is left after the whole vectors is done one by one, with the same bits.
final class SimdElementwise {

    private static final long GRAIN = 1 << 14; // elements worth a thread

    private final Workers workers;

    SimdElementwise(Workers workers) {
        this.workers = workers;
    }

    void multiply(Tensor a, Tensor b, Tensor out) {
        Shapes.same("b", b, a);
        Shapes.same("out", out, a);
        long as = a.address();
        long bs = b.address();
        long outs = out.address();
        workers.split(a.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                FloatVector product = fromMemorySegment(F, ALL, as + 4 * i, ORDER).mul(fromMemorySegment(F, ALL, bs + 4 * i, ORDER));
                product.intoMemorySegment(ALL, outs + 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                ALL.set(JAVA_FLOAT, outs + 4L * i, ALL.get(JAVA_FLOAT, as + 4L * i) * ALL.get(JAVA_FLOAT, bs + 4L * i));
            }
        });
    }

    void copy(Tensor x, Tensor y) {
        long xs = x.address();
        long ys = y.address();
        workers.split(x.size(), GRAIN, (from, to) -> MemorySegment.copy(ALL, xs + 4 * from, ALL, ys + 4 * from, 4 * (to - from)));
    }

    void add(Tensor x, Tensor y) {
        sum(y, x, y);
    }

    void sum(Tensor a, Tensor b, Tensor out) {
        Shapes.same("b", b, a);
        Shapes.same("out", out, a);
        long as = a.address();
        long bs = b.address();
        long outs = out.address();
        workers.split(a.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                FloatVector sum = fromMemorySegment(F, ALL, as + 4 * i, ORDER).add(fromMemorySegment(F, ALL, bs + 4 * i, ORDER));
                sum.intoMemorySegment(ALL, outs + 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                ALL.set(JAVA_FLOAT, outs + 4L * i, ALL.get(JAVA_FLOAT, as + 4L * i) + ALL.get(JAVA_FLOAT, bs + 4L * i));
            }
        });
    }

    void addScaled(Tensor x, float scale, Tensor y) {
        Shapes.same("y", y, x);
        long xs = x.address();
        long ys = y.address();
        workers.split(x.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            FloatVector scales = broadcast(F, scale);
            for (long i = from; i < whole; i += L) {
                FloatVector sum = fromMemorySegment(F, ALL, xs + 4 * i, ORDER).fma(scales, fromMemorySegment(F, ALL, ys + 4 * i, ORDER));
                sum.intoMemorySegment(ALL, ys + 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                ALL.set(JAVA_FLOAT, ys + 4L * i, Math.fma(ALL.get(JAVA_FLOAT, xs + 4L * i), scale, ALL.get(JAVA_FLOAT, ys + 4L * i)));
            }
        });
    }

    void squaresOfRows(Tensor x, Tensor out) {
        Shapes.rank("x", x, 1);
        Shapes.vector("out", out, x.extent(0));
        if (x.extent(0) == 0) {
            return;
        }
        long columns = x.size() / x.extent(0);
        long xs = x.address();
        long outs = out.address();
        workers.splitRows(x.extent(0), Math.max(1, GRAIN / Math.max(1, columns)), (from, to) -> {
            for (long row = from; row < to; row++) {
                ALL.set(JAVA_FLOAT, outs + 4L * row, squares(xs, row * columns, (row + 1) * columns));
            }
        });
    }

    private static float squares(long x, long from, long to) {
        FloatVector sums = FloatVector.zero(F);
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            FloatVector value = fromMemorySegment(F, ALL, x + 4 * i, ORDER);
            sums = value.fma(value, sums);
        }
        float sum = Lanes.sum(sums);
        for (long i = whole; i < to; i++) {
            float value = ALL.get(JAVA_FLOAT, x + 4L * i);
            sum = Math.fma(value, value, sum);
        }
        return sum;
    }

    void movingAverage(Tensor average, Tensor x, float decay) {
        Shapes.same("x", x, average);
        long averages = average.address();
        long xs = x.address();
        float share = 1 - decay;
        workers.split(x.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                FloatVector added = fromMemorySegment(F, ALL, xs + 4 * i, ORDER).mul(share);
                fromMemorySegment(F, ALL, averages + 4 * i, ORDER).fma(broadcast(F, decay), added).intoMemorySegment(ALL, averages + 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                float added = ALL.get(JAVA_FLOAT, xs + 4L * i) * share;
                ALL.set(JAVA_FLOAT, averages + 4L * i, Math.fma(ALL.get(JAVA_FLOAT, averages + 4L * i), decay, added));
            }
        });
    }

    void scaleRows(Tensor x, Tensor factors) {
        Shapes.rank("x", x, 1);
        Shapes.vector("factors", factors, x.extent(0));
        if (x.size() == 0) {
            return;
        }
        long columns = x.size() / x.extent(0);
        long xs = x.address();
        long scales = factors.address();
        workers.splitRows(x.extent(0), Math.max(1, GRAIN / columns), (from, to) -> {
            for (long row = from; row < to; row++) {
                scale(xs, row * columns, (row + 1) * columns, ALL.get(JAVA_FLOAT, scales + 4L * row));
            }
        });
    }

    private static void scale(long x, long from, long to, float factor) {
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            fromMemorySegment(F, ALL, x + 4 * i, ORDER).mul(factor).intoMemorySegment(ALL, x + 4 * i, ORDER);
        }
        for (long i = whole; i < to; i++) {
            ALL.set(JAVA_FLOAT, x + 4L * i, ALL.get(JAVA_FLOAT, x + 4L * i) * factor);
        }
    }

    void combineRows(Tensor x, Tensor s, Tensor t, Tensor w, Tensor out) {
        Shapes.rank("x", x, 1);
        Shapes.same("t", t, x);
        Shapes.same("out", out, x);
        Shapes.vector("s", s, x.extent(0));
        Shapes.vector("w", w, x.extent(0));
        if (x.size() == 0) {
            return;
        }
        long columns = x.size() / x.extent(0);
        long xs = x.address();
        long ts = t.address();
        long outs = out.address();
        long scales = s.address();
        long weights = w.address();
        workers.splitRows(x.extent(0), Math.max(1, GRAIN / columns), (from, to) -> {
            for (long row = from; row < to; row++) {
                long at = 4 * row * columns;
                combine(xs + at, ALL.get(JAVA_FLOAT, scales + 4L * row), ts + at, ALL.get(JAVA_FLOAT, weights + 4L * row), outs + at, columns);
            }
        });
    }

    private static void combine(long x, float s, long t, float w, long out, long size) {
        long whole = Lanes.wholeEnd(0, size);
        for (long i = 0; i < 4 * whole; i += 4L * L) {
            FloatVector weighted = fromMemorySegment(F, ALL, t + i, ORDER).mul(w);
            weighted.intoMemorySegment(ALL, t + i, ORDER);
            fromMemorySegment(F, ALL, x + i, ORDER).mul(s).add(weighted).intoMemorySegment(ALL, out + i, ORDER);
        }
        for (long i = 4 * whole; i < 4 * size; i += 4) {
            float weighted = ALL.get(JAVA_FLOAT, t + i) * w;
            ALL.set(JAVA_FLOAT, t + i, weighted);
            ALL.set(JAVA_FLOAT, out + i, ALL.get(JAVA_FLOAT, x + i) * s + weighted);
        }
    }
}
