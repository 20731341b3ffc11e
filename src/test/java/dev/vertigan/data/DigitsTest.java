package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsTest {

    private static final int PIXELS = 28 * 28;
    private static final int MANY = 2_000;

    private final Digits digits = new Digits(60_000);

    @Test
    void sameIndexSameDigitInAnyOrderOnAnyThread() throws Exception {
        int[] hashes = IntStream.range(0, 500).map(index -> hash(digits, index)).toArray();
        var shared = new Digits(60_000);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var tasks = new ArrayList<Callable<int[]>>();
            for (int task = 0; task < 8; task++) {
                var own = task < 4 ? shared : new Digits(600);
                tasks.add(() -> {
                    int[] found = new int[500];
                    for (int index = 499; index >= 0; index--) {
                        found[index] = hash(own, index);
                    }
                    return found;
                });
            }
            for (var future : threads.invokeAll(tasks)) {
                assertArrayEquals(hashes, future.get());
            }
        }
        assertArrayEquals(hashes, IntStream.range(0, 500).map(index -> hash(digits, index)).toArray(), "read from the cache");
    }

    @Test
    void everyTenSamplesHoldEachDigitOnceInVaryingOrder() {
        var orders = new HashSet<String>();
        for (int ten = 0; ten < 100; ten++) {
            var order = new ArrayList<Integer>();
            for (int i = 0; i < 10; i++) {
                order.add(digits.label(10L * ten + i));
            }
            assertEquals(10, new HashSet<>(order).size(), "labels " + order);
            orders.add(order.toString());
        }
        assertTrue(orders.size() > 20, orders.size() + " different orders");
    }

    @Test
    void noTwoAreAlikeAndHeldOutOnesAreNew() {
        var test = Datasets.open(data(60_000), Split.TEST, Downloads.Progress.NONE);
        var seen = new HashSet<Integer>();
        for (int index = 0; index < MANY; index++) {
            assertTrue(seen.add(hash(digits, index)), "digit " + index + " seen before");
            assertTrue(seen.add(hash(test, index)), "held-out digit " + index + " seen before");
        }
    }

    @Test
    void endlessAndSeekable() {
        var endless = new Digits(1L << 60);
        assertEquals(hash(digits, 59_999), hash(endless, 59_999), "size does not change a sample");
        assertEquals(hash(endless, (1L << 60) - 1), hash(endless, (1L << 60) - 1));
        assertThrows(IndexOutOfBoundsException.class, () -> digits.read(60_000, new float[PIXELS], 0));
        assertThrows(IndexOutOfBoundsException.class, () -> digits.label(-1));
        assertThrows(UserError.class, () -> new Digits(0));
    }

    @Test
    void readsAtTheOffsetAndNowhereElse() {
        float[] target = new float[PIXELS + 2];
        target[0] = target[PIXELS + 1] = -7;
        digits.read(3, target, 1);
        float[] alone = new float[PIXELS];
        digits.read(3, alone, 0);
        for (int i = 0; i < PIXELS; i++) {
            assertEquals(alone[i], target[i + 1]);
        }
        assertEquals(-7, target[0]);
        assertEquals(-7, target[PIXELS + 1]);
    }

    /// MNIST's own figures: mean 0.131, deviation 0.308, centre of mass in the middle, a black border.
    @Test
    void looksLikeMnistInItsFigures() {
        double mean = 0;
        double square = 0;
        float[] sample = new float[PIXELS];
        for (int index = 0; index < MANY; index++) {
            digits.read(index, sample, 0);
            double mass = 0;
            double massX = 0;
            double massY = 0;
            for (int i = 0; i < PIXELS; i++) {
                assertTrue(sample[i] >= 0 && sample[i] <= 1);
                mass += sample[i];
                massX += sample[i] * (i % 28 + 0.5);
                massY += sample[i] * (i / 28 + 0.5);
                square += sample[i] * sample[i] / PIXELS / MANY;
                boolean border = i % 28 == 0 || i % 28 == 27 || i / 28 == 0 || i / 28 == 27;
                assertTrue(!border || sample[i] == 0, "ink on the border of digit " + index);
            }
            assertEquals(14, massX / mass, 2, "centre of digit " + index); // strokes that overlap weigh double in its fit
            assertEquals(14, massY / mass, 2, "centre of digit " + index);
            mean += mass / PIXELS / MANY;
        }
        assertEquals(0.131, mean, 0.015);
        assertEquals(0.308, Math.sqrt(square - mean * mean), 0.015);
    }

    @Test
    void aNearestNeighbourReadsThem() {
        double right = nearestNeighbour(digits, Digits.heldOut(500), 500);
        assertTrue(right > 0.9, "recognised " + right);
    }

    /// The proof of handwriting: who has only seen these digits reads what people wrote.
    @Test
    void whoLearntOnThemReadsRealHandwriting() {
        var mnist = IdxArchive.MNIST.open(Split.TEST, RealData.mnist(), new Downloads(), Downloads.Progress.NONE);
        double right = nearestNeighbour(digits, mnist, 500);
        assertTrue(right > 0.75, "recognised " + right);
    }

    private static double nearestNeighbour(Dataset known, Dataset asked, int questions) {
        float[][] samples = IntStream.range(0, MANY).mapToObj(index -> read(known, index)).toArray(float[][]::new);
        long right = IntStream.range(0, questions).filter(index -> {
            float[] question = read(asked, index);
            int nearest = 0;
            float least = Float.MAX_VALUE;
            for (int i = 0; i < samples.length; i++) {
                float distance = distance(question, samples[i], least);
                if (distance < least) {
                    least = distance;
                    nearest = i;
                }
            }
            return known.label(nearest) == asked.label(index);
        }).count();
        return (double) right / questions;
    }

    /// Squared, or anything above `enough` once it is.
    private static float distance(float[] a, float[] b, float enough) {
        float sum = 0;
        for (int row = 0; row < PIXELS && sum <= enough; row += 28) {
            for (int i = row; i < row + 28; i++) {
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            }
        }
        return sum;
    }

    private static float[] read(Dataset data, long index) {
        float[] sample = new float[data.features()];
        data.read(index, sample, 0);
        return sample;
    }

    private static int hash(Dataset data, long index) {
        return Arrays.hashCode(read(data, index));
    }

    private static RunConfig.Data data(long size) {
        return new RunConfig.Data(Choice.DataSet.DIGITS, "", size, Choice.Scale.UNIT, 32, 3, 1, 1, 1, "", RunConfig.Streamed.DEFAULT, 0);
    }
}
