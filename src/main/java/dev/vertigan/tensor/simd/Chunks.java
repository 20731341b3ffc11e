package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.vertigan.tensor.Lanes;

/// A tall matrix' rows in chunks that fit the first cache: how many depends on the shape alone, so that sums over chunks, added up in order,
/// have the same bits for any number of threads.
///
/// @param all rows of the matrix
/// @param each rows of every chunk but the last
record Chunks(long all, int each) {

    /// A matrix of more rows than this is tall.
    static final int TALL = 1024;

    private static final int ELEMENTS = 1 << 13; // of a chunk, about
    private static final int MOST = 0x8000;

    static Chunks of(long rows, int channels) {
        long wanted = Math.clamp(rows * channels / ELEMENTS, 1, MOST);
        return new Chunks(rows, (int) ((rows + wanted - 1) / wanted));
    }

    int count() {
        return (int) ((all + each - 1) / each);
    }

    long from(int chunk) {
        return (long) chunk * each;
    }

    int rows(int chunk) {
        return (int) Math.min(each, all - from(chunk));
    }

    /// `sums[channels] +=` the rows of `partial[chunks, channels]`, in order.
    void addUp(long partial, int channels, long sums) {
        for (int chunk = 0; chunk < count(); chunk++) {
            add(partial + 4L * chunk * channels, sums, channels);
        }
    }

    /// `y[size] += x[size]`.
    static void add(long x, long y, int size) {
        int whole = (int) (4 * Lanes.wholeEnd(0, size));
        for (int i = 0; i < whole; i += BYTES) {
            fromMemorySegment(F, ALL, y + i, ORDER).add(fromMemorySegment(F, ALL, x + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        }
        for (int i = whole; i < 4 * size; i += 4) {
            ALL.set(JAVA_FLOAT, y + i, ALL.get(JAVA_FLOAT, y + i) + ALL.get(JAVA_FLOAT, x + i));
        }
    }
}
