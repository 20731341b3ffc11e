package dev.vertigan.evaluation;

import java.util.Arrays;
import java.util.List;

/// Vectors that distances are measured from, in double precision. They lie in blocks that hold one coordinate of several vectors side by side, so
/// that the loop over them runs as wide as the machine's vectors; and each block is used for several others while it is in the cache.
final class Cloud {

    private static final int BLOCK = 64; // vectors
    private static final int AT_ONCE = 16; // others
    private static final int TOGETHER = 4; // coordinates

    private final int size;
    private final int dimensions;
    private final double[][][] blocks; // [⌈size/BLOCK⌉][⌈dimensions/TOGETHER⌉ · TOGETHER][BLOCK]

    /// Takes what was measured of one vector.
    interface Visitor {

        /// @param index which
        /// @param squares its squared distances from each of the cloud, `[size]`; may be written to, and holds until it returns
        void visit(int index, double[] squares);
    }

    private Cloud(int size, int dimensions) {
        this.size = size;
        this.dimensions = dimensions;
        blocks = new double[Math.ceilDiv(size, BLOCK)][Math.ceilDiv(dimensions, TOGETHER) * TOGETHER][BLOCK];
    }

    /// @param rows one or more vectors, `[n][dimensions]`
    static Cloud of(List<double[]> rows) {
        var cloud = new Cloud(rows.size(), rows.getFirst().length);
        for (int i = 0; i < cloud.size; i++) {
            double[] row = rows.get(i);
            for (int f = 0; f < cloud.dimensions; f++) {
                cloud.blocks[i / BLOCK][f][i % BLOCK] = row[f];
            }
        }
        return cloud;
    }

    int size() {
        return size;
    }

    int dimensions() {
        return dimensions;
    }

    /// Measures the squared Euclidean distances of others from each vector.
    ///
    /// @param others `[n][dimensions]`
    /// @param patience asked now and then
    void squaredDistances(List<double[]> others, Patience patience, Visitor visitor) {
        double[][] squares = new double[Math.min(AT_ONCE, others.size())][size];
        double[] sums = new double[BLOCK];
        for (int from = 0; from < others.size(); from += AT_ONCE) {
            patience.check();
            var some = others.subList(from, Math.min(others.size(), from + AT_ONCE));
            for (int b = 0; b < blocks.length; b++) {
                for (int i = 0; i < some.size(); i++) {
                    measure(some.get(i), blocks[b], sums);
                    System.arraycopy(sums, 0, squares[i], b * BLOCK, Math.min(BLOCK, size - b * BLOCK));
                }
            }
            for (int i = 0; i < some.size(); i++) {
                visitor.visit(from + i, squares[i]);
            }
        }
    }

    private void measure(double[] x, double[][] block, double[] sums) {
        Arrays.fill(sums, 0);
        double[] some = new double[TOGETHER];
        for (int f = 0; f < dimensions; f += TOGETHER) {
            for (int k = 0; k < TOGETHER; k++) {
                some[k] = f + k < dimensions ? x[f + k] : 0;
            }
            add(some, block[f], block[f + 1], block[f + 2], block[f + 3], sums);
        }
    }

    /// Each coordinate is an array of its own, as HotSpot makes vector instructions of no other form.
    private static void add(double[] x, double[] first, double[] second, double[] third, double[] fourth, double[] sums) {
        double x0 = x[0];
        double x1 = x[1];
        double x2 = x[2];
        double x3 = x[3];
        for (int i = 0; i < BLOCK; i++) {
            double off0 = x0 - first[i];
            double off1 = x1 - second[i];
            double off2 = x2 - third[i];
            double off3 = x3 - fourth[i];
            sums[i] += off0 * off0 + off1 * off1 + (off2 * off2 + off3 * off3);
        }
    }
}
