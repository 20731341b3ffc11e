package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Sums, products and averages, element by element.
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
            for (long i = from; i < whole; i += Lanes.L) {
                Lanes.store(Lanes.load(as, i).mul(Lanes.load(bs, i)), outs, i);
            }
            if (whole < to) {
                VectorMask<Float> rest = Lanes.before(whole, to);
                Lanes.store(Lanes.load(as, whole, rest).mul(Lanes.load(bs, whole, rest)), outs, whole, rest);
            }
        });
    }

    void add(Tensor x, Tensor y) {
        Shapes.same("y", y, x);
        MemorySegment xs = x.segment();
        MemorySegment ys = y.segment();
        workers.split(x.size(), GRAIN, (from, to) -> {
            long whole = Lanes.wholeEnd(from, to);
            for (long i = from; i < whole; i += Lanes.L) {
                Lanes.store(Lanes.load(ys, i).add(Lanes.load(xs, i)), ys, i);
            }
            if (whole < to) {
                VectorMask<Float> rest = Lanes.before(whole, to);
                Lanes.store(Lanes.load(ys, whole, rest).add(Lanes.load(xs, whole, rest)), ys, whole, rest);
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
            FloatVector keep = FloatVector.broadcast(Lanes.F, decay);
            for (long i = from; i < whole; i += Lanes.L) {
                Lanes.store(Lanes.load(averages, i).fma(keep, Lanes.load(xs, i).mul(share)), averages, i);
            }
            if (whole < to) {
                VectorMask<Float> rest = Lanes.before(whole, to);
                Lanes.store(Lanes.load(averages, whole, rest).fma(keep, Lanes.load(xs, whole, rest).mul(share)), averages, whole, rest);
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
                scale(xs, row * columns, (row + 1) * columns, scales.getAtIndex(ValueLayout.JAVA_FLOAT, row));
            }
        });
    }

    private static void scale(MemorySegment x, long from, long to, float factor) {
        long whole = Lanes.wholeEnd(from, to);
        for (long i = from; i < whole; i += Lanes.L) {
            Lanes.store(Lanes.load(x, i).mul(factor), x, i);
        }
        if (whole < to) {
            VectorMask<Float> rest = Lanes.before(whole, to);
            Lanes.store(Lanes.load(x, whole, rest).mul(factor), x, whole, rest);
        }
    }
}
