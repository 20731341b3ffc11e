package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Maxout. A unit's pieces are neighbours in memory, so the forward pass gathers with a stride and the backward pass spreads a
/// unit's gradient over the lanes of its pieces; both go through one row on the heap, which the Vector API can gather from.
final class SimdMaxout {

    private static final long GRAIN = 1 << 13; // pieces worth a thread

    private final Workers workers;
    private int[] strides = {}; // lane · pieces
    private int[] units = {}; // (position of a piece) / pieces, for the first L units
    private float[] places = {}; // (position of a piece) mod pieces

    SimdMaxout(Workers workers) {
        this.workers = workers;
    }

    void forward(Tensor z, Tensor bias, Tensor y, Tensor winner) {
        int pieces = Shapes.pieces(z, y);
        Shapes.vector("bias", bias, z.extent(1));
        Shapes.same("winner", winner, y);
        prepare(pieces);
        int width = (int) y.extent(1);
        long zs = z.address();
        long biases = bias.address();
        long ys = y.address();
        long winners = winner.address();
        workers.splitRows(y.extent(0), Math.max(1, GRAIN / Math.max(1, z.extent(1))), (from, to) -> {
            int length = width * pieces;
            float[] row = new float[padded(width) * pieces]; // a gather's lanes must all lie in it
            for (long i = from; i < to; i++) {
                addBias(zs, i * length, biases, row, length);
                for (int unit = 0; unit < width; unit += L) {
                    largest(row, unit, width, pieces, strides, ys, winners, i * width + unit);
                }
            }
        });
    }

    private static void addBias(long z, long at, long bias, float[] row, int length) {
        int whole = (int) Lanes.wholeEnd(0, length);
        for (int j = 0; j < whole; j += L) {
            fromMemorySegment(F, ALL, z + 4L * (at + j), ORDER).add(fromMemorySegment(F, ALL, bias + 4L * j, ORDER)).intoArray(row, j);
        }
        for (int j = whole; j < length; j++) {
            row[j] = ALL.get(JAVA_FLOAT, z + 4L * (at + j)) + ALL.get(JAVA_FLOAT, bias + 4L * j);
        }
    }

    private static void largest(float[] row, int unit, int width, int pieces, int[] strides, long y, long winner, long at) {
        VectorMask<Float> mask = F.indexInRange(unit, width);
        FloatVector best = FloatVector.fromArray(F, row, unit * pieces, strides, 0);
        FloatVector won = zero(F);
        for (int piece = 1; piece < pieces; piece++) {
            FloatVector value = FloatVector.fromArray(F, row, unit * pieces + piece, strides, 0);
            // A NaN wins against all but an earlier NaN.
            VectorMask<Float> better = value.compare(LE, best).or(best.test(IS_NAN)).not();
            best = best.blend(value, better);
            won = won.blend(piece, better);
        }
        best.intoMemorySegment(ALL, y + 4L * at, ORDER, mask);
        won.intoMemorySegment(ALL, winner + 4L * at, ORDER, mask);
    }

    void backward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate) {
        int pieces = Shapes.pieces(dz, dy);
        Shapes.same("winner", winner, dy);
        Shapes.vector("dbias", dbias, dz.extent(1));
        prepare(pieces);
        int width = (int) dy.extent(1);
        long dys = dy.address();
        long winners = winner.address();
        long dzs = dz.address();
        long sums = dbias.address();
        if (!accumulate) {
            Lanes.fillZero(sums, dbias.size());
        }
        long rows = dy.extent(0);
        // By groups of L units, so that each sum is one thread's.
        int groups = (width + L - 1) / L;
        workers.splitRows(groups, Math.max(1, GRAIN * groups / Math.max(1, dz.size())), (from, to) -> {
            int first = (int) from * L;
            int last = Math.min(width, (int) to * L);
            int count = last - first;
            float[] gradients = new float[padded(count)];
            float[] wins = new float[padded(count)];
            for (long i = 0; i < rows; i++) {
                MemorySegment.copy(ALL, JAVA_FLOAT, dys + (i * width + first) * Float.BYTES, gradients, 0, count);
                MemorySegment.copy(ALL, JAVA_FLOAT, winners + (i * width + first) * Float.BYTES, wins, 0, count);
                for (int unit = 0; unit < count; unit += L) {
                    long column = (long) (first + unit) * pieces;
                    int length = Math.min(L, count - unit) * pieces;
                    spread(gradients, wins, unit, length, units, places, dzs, i * width * pieces + column, sums, column);
                }
            }
        });
    }

    private static void spread(float[] gradients, float[] wins, int unit, int length, int[] units, float[] places, long dz, long at,
            long sums, long column) {
        for (int j = 0; j < length; j += L) {
            VectorMask<Float> mask = F.indexInRange(j, length);
            FloatVector gradient = FloatVector.fromArray(F, gradients, unit, units, j);
            FloatVector won = FloatVector.fromArray(F, wins, unit, units, j);
            FloatVector value = zero(F).blend(gradient, won.compare(EQ, FloatVector.fromArray(F, places, j)));
            value.intoMemorySegment(ALL, dz + 4L * (at + j), ORDER, mask);
            fromMemorySegment(F, ALL, sums + 4L * (column + j), ORDER, mask).add(value).intoMemorySegment(ALL, sums + 4L * (column + j), ORDER, mask);
        }
    }

    void tangent(Tensor z, Tensor winner, Tensor y) {
        int pieces = Shapes.pieces(z, y);
        Shapes.same("winner", winner, y);
        long zs = z.address();
        long winners = winner.address();
        long ys = y.address();
        workers.split(y.size(), Math.max(1, GRAIN / pieces), (from, to) -> {
            for (long i = from; i < to; i++) {
                long piece = i * pieces + (long) ALL.get(JAVA_FLOAT, winners + 4L * i);
                ALL.set(JAVA_FLOAT, ys + 4L * i, ALL.get(JAVA_FLOAT, zs + 4L * piece));
            }
        });
    }

    private static int padded(int units) {
        return (units + L - 1) / L * L;
    }

    private void prepare(int pieces) {
        if (units.length == L * pieces) {
            return;
        }
        strides = new int[L];
        units = new int[L * pieces];
        places = new float[L * pieces];
        for (int lane = 0; lane < L; lane++) {
            strides[lane] = lane * pieces;
        }
        for (int j = 0; j < units.length; j++) {
            units[j] = j / pieces;
            places[j] = j % pieces;
        }
    }
}
