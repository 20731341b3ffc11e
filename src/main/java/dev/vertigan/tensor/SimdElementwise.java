package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

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
        MemorySegment as = a.segment();
        MemorySegment bs = b.segment();
        MemorySegment outs = out.segment();
        workers.split(a.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                fromMemorySegment(F, as, 4 * i, ORDER).mul(fromMemorySegment(F, bs, 4 * i, ORDER)).intoMemorySegment(outs, 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                outs.setAtIndex(JAVA_FLOAT, i, as.getAtIndex(JAVA_FLOAT, i) * bs.getAtIndex(JAVA_FLOAT, i));
            }
        });
    }

    void add(Tensor x, Tensor y) {
        Shapes.same("y", y, x);
        MemorySegment xs = x.segment();
        MemorySegment ys = y.segment();
        workers.split(x.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                fromMemorySegment(F, ys, 4 * i, ORDER).add(fromMemorySegment(F, xs, 4 * i, ORDER)).intoMemorySegment(ys, 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                ys.setAtIndex(JAVA_FLOAT, i, ys.getAtIndex(JAVA_FLOAT, i) + xs.getAtIndex(JAVA_FLOAT, i));
            }
        });
    }

    void movingAverage(Tensor average, Tensor x, float decay) {
        Shapes.same("x", x, average);
        MemorySegment averages = average.segment();
        MemorySegment xs = x.segment();
        float share = 1 - decay;
        workers.split(x.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += L) {
                FloatVector added = fromMemorySegment(F, xs, 4 * i, ORDER).mul(share);
                fromMemorySegment(F, averages, 4 * i, ORDER).fma(broadcast(F, decay), added).intoMemorySegment(averages, 4 * i, ORDER);
            }
            for (long i = whole; i < to; i++) {
                float added = xs.getAtIndex(JAVA_FLOAT, i) * share;
                averages.setAtIndex(JAVA_FLOAT, i, Math.fma(averages.getAtIndex(JAVA_FLOAT, i), decay, added));
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
        MemorySegment xs = x.segment();
        MemorySegment scales = factors.segment();
        workers.splitRows(x.extent(0), Math.max(1, GRAIN / columns), (from, to) -> {
            for (long row = from; row < to; row++) {
                scale(xs, row * columns, (row + 1) * columns, scales.getAtIndex(JAVA_FLOAT, row));
            }
        });
    }

    private static void scale(MemorySegment x, long from, long to, float factor) {
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += L) {
            fromMemorySegment(F, x, 4 * i, ORDER).mul(factor).intoMemorySegment(x, 4 * i, ORDER);
        }
        for (long i = whole; i < to; i++) {
            x.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, i) * factor);
        }
    }
}
