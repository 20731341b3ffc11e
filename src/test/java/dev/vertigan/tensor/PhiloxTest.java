package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.simd.SimdKernels;
import dev.vertigan.tensor.simd.SimdRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class PhiloxTest {

    private static final Draw DRAW = new Draw(2014, 3, 17);

    /// The known answers of the authors' library, Random123, for philox4x32-10.
    @Test
    void knownAnswers() {
        assertBlock(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8, 0, 0, 0, 0, 0, 0);
        assertBlock(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd, -1, -1, -1, -1, -1, -1);
        assertBlock(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
    }

    private static void assertBlock(int w0, int w1, int w2, int w3, int c0, int c1, int c2, int c3, int k0, int k1) {
        assertArrayEquals(new int[] {w0, w1, w2, w3}, block(c0, c1, c2, c3, k0, k1));
    }

    private static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
        int[] words = new int[4];
        Philox.block(c0, c1, c2, c3, k0, k1, words, 0, 1);
        return words;
    }

    /// The layout of counter and key is part of every run's identity: a change would change all runs.
    @Test
    void bitsAreTheKnownAnswerOfTheirCounter() {
        long seed = 0x299f31d0_a4093822L;
        // counter words: index, stream, step, (step's and index's upper bits)
        assertBits(block(5, 7, 11, 0, (int) seed, (int) (seed >>> 32)), Philox.bits(seed, 7, 11, 5));
        assertBits(block(5, 7, 11, 2 | 3 << 16, (int) seed, (int) (seed >>> 32)), Philox.bits(seed, 7, 2L << 32 | 11, 3L << 32 | 5));
    }

    private static void assertBits(int[] words, long bits) {
        assertEquals((long) words[1] << 32 | Integer.toUnsignedLong(words[0]), bits);
    }

    /// Also once the vector loops do all, which takes some thousand groups.
    @Test
    void fillsHaveTheBitsOfTheirElements() {
        try (SimdKernels kernels = new SimdKernels(3)) {
            Tensor few = kernels.allocate(4 * Philox.GROUP);
            for (boolean learnt : new boolean[] {false, true}) {
                for (long size : new long[] {1, 15, 16, 17, 63, 64, 65, 1000, 20_001}) {
                    Tensor normal = kernels.allocate(size);
                    Tensor uniform = kernels.allocate(size);
                    Tensor mask = kernels.allocate(size);
                    kernels.normal(normal, DRAW);
                    kernels.uniform(uniform, -2, 3, DRAW);
                    kernels.dropoutMask(mask, 0.8f, DRAW);
                    assertElements(normal, uniform, mask);
                    HostRandom.normal(normal, DRAW);
                    HostRandom.uniform(uniform, -2, 3, DRAW);
                    HostRandom.dropoutMask(mask, 0.8f, DRAW);
                    assertElements(normal, uniform, mask);
                }
                for (int i = 0; i < (learnt ? 0 : SimdRandom.LEARNT_FROM); i++) {
                    kernels.normal(few, DRAW);
                }
            }
        }
    }

    private static void assertElements(Tensor normal, Tensor uniform, Tensor mask) {
        for (long i = 0; i < normal.size(); i++) {
            assertEquals(Philox.normal(DRAW, i), (float) normal.get(i), "normal " + i);
            assertEquals(Math.fma(Philox.unit(DRAW, i), 5f, -2f), (float) uniform.get(i), "uniform " + i);
            assertEquals(Philox.unit(DRAW, i) < 0.8f ? 1 / 0.8f : 0, (float) mask.get(i), "mask " + i);
        }
    }

    @Test
    void everyPartOfTheDrawMatters() {
        Set<Long> bits = new HashSet<>();
        for (long seed : new long[] {0, 1, 1L << 32}) {
            for (int stream : new int[] {0, 1, -1}) {
                for (long step : new long[] {0, 1, 1L << 32, 1L << 47}) {
                    for (long index : new long[] {0, 1, 1L << 32, 1L << 47}) {
                        assertTrue(bits.add(Philox.bits(seed, stream, step, index)));
                    }
                }
            }
        }
    }

    @Test
    void stepsAndIndicesPastTheirRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Philox.bits(1, 1, 1L << 48, 0));
        assertThrows(IllegalArgumentException.class, () -> Philox.bits(1, 1, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> Philox.bits(1, 1, 0, 1L << 48));
        assertThrows(IllegalArgumentException.class, () -> Philox.below(0, 1, 1, 0, 0));
    }

    @Test
    void normalNumbersAreNormal() {
        Tensor filled = Tensor.allocate(ElementType.FLOAT32, 400_000);
        try (SimdKernels kernels = new SimdKernels(1)) {
            kernels.normal(filled, DRAW);
        }
        assertNormal(filled::get);
        assertNormal(i -> Philox.normal(5, 2, 3, i));
    }

    /// Moments, tails and neighbours within five standard errors.
    private static void assertNormal(LongToDoubleFunction number) {
        int n = 400_000;
        double[] moments = new double[5];
        double[] products = new double[65];
        int[] tails = new int[2];
        for (int i = 0; i < n; i++) {
            double x = number.applyAsDouble(i);
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(x, power) / n;
            }
            for (int lag : new int[] {1, 16, 32, 64}) {
                products[lag] += x * number.applyAsDouble((i + lag) % n) / n;
            }
            tails[0] += Math.abs(x) > 2 ? 1 : 0;
            tails[1] += Math.abs(x) > 4 ? 1 : 0;
        }
        double error = 5 / Math.sqrt(n);
        assertEquals(0, moments[1], error);
        assertEquals(1, moments[2], error * Math.sqrt(2));
        assertEquals(0, moments[3], error * Math.sqrt(15));
        assertEquals(3, moments[4], error * Math.sqrt(96));
        for (int lag : new int[] {1, 16, 32, 64}) {
            assertEquals(0, products[lag], error, "lag " + lag);
        }
        assertEquals(0.0455 * n, tails[0], 5 * Math.sqrt(0.0455 * n));
        assertEquals(6.33e-5 * n, tails[1], 5 * Math.sqrt(6.33e-5 * n) + 1);
    }

    /// The two numbers of a pair share a radius; their squares must be uncorrelated all the same.
    @Test
    void pairsAreIndependent() {
        int n = 200_000;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            long at = (i / 16) * 32L + i % 16;
            double cosine = Philox.normal(DRAW, at);
            double sine = Philox.normal(DRAW, at + 16);
            sum += (cosine * cosine - 1) * (sine * sine - 1) / n;
        }
        assertEquals(0, sum, 5 * 2 / Math.sqrt(n));
    }

    @Test
    void uniformNumbersAreUniform() {
        Tensor filled = Tensor.allocate(ElementType.FLOAT32, 400_000);
        try (SimdKernels kernels = new SimdKernels(1)) {
            kernels.uniform(filled, 0, 1, DRAW);
        }
        assertUniform(filled::get);
        assertUniform(i -> Philox.uniform(5, 2, 3, i));
        assertUniform(i -> Philox.below(1000, 5, 2, 3, i) / 1000.0 + 0.0005);
    }

    private static void assertUniform(LongToDoubleFunction number) {
        int n = 400_000;
        int[] buckets = new int[100];
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            double x = number.applyAsDouble(i);
            assertTrue(x >= 0 && x < 1, "found " + x);
            buckets[(int) (x * 100)]++;
            neighbours += (x - 0.5) * (number.applyAsDouble((i + 1) % n) - 0.5) / n;
        }
        double chiSquared = 0;
        for (int count : buckets) {
            chiSquared += Math.pow(count - n / 100.0, 2) / (n / 100.0);
        }
        assertTrue(chiSquared > 99 - 5 * Math.sqrt(198) && chiSquared < 99 + 5 * Math.sqrt(198), "chi squared of 99 degrees: " + chiSquared);
        assertEquals(0, neighbours, 5 / 12.0 / Math.sqrt(n));
    }
}
