package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchOrderTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 7, 10, 64, 100, 255, 256, 257, 1000, 4097, 60_000})
    void everyEpochVisitsEverySampleOnce(long size) {
        var order = new BatchOrder(42, size);
        for (long epoch : new long[] {0, 1, 1_000_000_007}) {
            var seen = new BitSet();
            for (long place = 0; place < size; place++) {
                long index = order.index(epoch * size + place);
                assertTrue(index >= 0 && index < size, "index " + index);
                seen.set((int) index);
            }
            assertEquals(size, seen.cardinality(), "epoch " + epoch);
        }
    }

    @Test
    void everySizeUpToThreeHundredIsPermuted() {
        for (int size = 1; size <= 300; size++) {
            long[] indices = indices(new BatchOrder(size, size), 0, size);
            Arrays.sort(indices);
            for (int i = 0; i < size; i++) {
                assertEquals(i, indices[i]);
            }
        }
    }

    @Test
    void hugeSizesWork() {
        for (long size : new long[] {1L << 40, (1L << 61) + 12345, 1L << 62}) {
            var order = new BatchOrder(1, size);
            var seen = new HashSet<Long>();
            for (int i = 0; i < 1000; i++) {
                long index = order.index(i);
                assertTrue(index >= 0 && index < size);
                assertTrue(seen.add(index));
            }
        }
    }

    @Test
    void epochsAndSeedsDiffer() {
        var order = new BatchOrder(7, 1000);
        assertFewFixedPoints(indices(order, 0, 1000), indices(order, 1000, 1000));
        assertFewFixedPoints(indices(order, 0, 1000), indices(new BatchOrder(8, 1000), 0, 1000));
    }

    private static long[] indices(BatchOrder order, long from, int count) {
        return LongStream.range(from, from + count).map(order::index).toArray();
    }

    private static void assertFewFixedPoints(long[] a, long[] b) {
        int same = 0;
        for (int i = 0; i < a.length; i++) {
            same += a[i] == b[i] ? 1 : 0;
        }
        assertTrue(same < 10, same + " places the same; about 1 by chance");
    }

    @Test
    void anyPlaceCanBeSoughtAcrossEpochs() {
        long[] found = indices(new BatchOrder(3, 100), 0, 250);
        for (int sample = 249; sample >= 0; sample--) {
            assertEquals(found[sample], new BatchOrder(3, 100).index(sample), "a pure function");
        }
    }

    /// Where a sample lands and where its neighbour lands are uniform and independent, over keys: chi-square over 10×10 cells.
    @ParameterizedTest
    @ValueSource(longs = {10, 100, 1000, 60_000})
    void wellMixedOverSeeds(long size) {
        int keys = 20_000;
        long[] pairs = new long[100];
        for (int seed = 0; seed < keys; seed++) {
            var order = new BatchOrder(seed, size);
            int a = (int) (order.index(0) * 10 / size);
            int b = (int) (order.index(size - 1) * 10 / size);
            pairs[10 * a + b]++;
        }
        double chiSquare = 0;
        double inSameCell = (size / 10.0 - 1) / (size - 1) / 10; // without replacement
        double inAnother = (1.0 / 10 - inSameCell) / 9;
        for (int cell = 0; cell < 100; cell++) {
            double expected = keys * (cell / 10 == cell % 10 ? inSameCell : inAnother);
            if (expected == 0) {
                assertEquals(0, pairs[cell]);
            } else {
                chiSquare += (pairs[cell] - expected) * (pairs[cell] - expected) / expected;
            }
        }
        assertTrue(chiSquare < 170, "chi-square " + chiSquare + ", 99 ± 14 by chance");
    }

    /// All orders of four samples come up equally often, odd ones included.
    @Test
    void smallSizesReachEveryOrder() {
        var counts = new HashMap<String, Integer>();
        int keys = 24_000;
        for (int epoch = 0; epoch < keys; epoch++) {
            counts.merge(Arrays.toString(indices(new BatchOrder(5, 4), 4L * epoch, 4)), 1, Integer::sum);
        }
        assertEquals(24, counts.size());
        counts.forEach((order, count) -> assertEquals(1000, count, 180, order));
    }

    @Test
    void neighboursAreTornApart() {
        var order = new BatchOrder(11, 60_000);
        double correlation = 0;
        for (int place = 0; place < 60_000; place++) {
            double here = order.index(place) / 60_000.0 - 0.5;
            double next = order.index((place + 1) % 60_000) / 60_000.0 - 0.5;
            correlation += here * next * 12 / 60_000;
        }
        assertEquals(0, correlation, 0.02);
    }

    /// Else a run that goes back to before it failed would see the same minibatches again.
    @Test
    void eachBranchHasAnOrderOfItsOwn() {
        assertEquals(7, Order.seed(7, 0), "the run's own");
        assertEquals(100, LongStream.range(0, 100).map(branch -> Order.seed(7, branch)).distinct().count());
    }

    @Test
    void impossibleSizesAndPlacesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BatchOrder(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new BatchOrder(0, Long.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> new BatchOrder(0, 5).index(-1));
    }
}
