package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpecimensTest {

    private static final BatchOrder ORDER = new BatchOrder(5, 9);

    /// Sample i is the number i; classes 0 and 1 have four samples each, class 2 has one.
    private static final class Numbers implements Dataset {

        @Override
        public void read(long index, float[] target, int offset) {
            target[offset] = index;
        }

        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public Kind kind() {
            return Kind.POINTS_1D;
        }

        @Override
        public int[] shape() {
            return new int[] {1};
        }

        @Override
        public long size() {
            return 9;
        }

        @Override
        public int classes() {
            return 3;
        }

        @Override
        public int label(long index) {
            return (int) index / 4;
        }
    }

    @Test
    void withoutClassesTheyAreTheFirstToBeTrainedOn() {
        var expected = new float[7];
        IntStream.range(0, 7).forEach(i -> expected[i] = ORDER.index(i));
        assertArrayEquals(expected, Specimens.of(new Numbers(), 7, ORDER, 0));
    }

    @Test
    void withClassesEachHasItsTurnAsLongAsItHasSamples() {
        var samples = Specimens.of(new Numbers(), 9, ORDER, 3);
        for (int i : new int[] {0, 1, 2, 3, 4, 6, 7}) {
            assertEquals(i % 3, (int) samples[i] / 4, "number " + i);
        }
        assertEquals(7, IntStream.of(0, 1, 2, 3, 4, 6, 7).mapToObj(i -> samples[i]).distinct().count());
    }
}
