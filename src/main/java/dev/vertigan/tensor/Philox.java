package dev.vertigan.tensor;

/// Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): random numbers as a pure function of
/// what they are for. The key is the seed, the 128-bit counter is (index, stream, step), so there is no state to save and
/// every number can be had in any order.
///
/// [#unit] and [#normal(Draw, long)] define element `i` of a tensor filled by the kernels: groups of 64 elements come from 16
/// counters of four words each, word w of counter j being element `16·w + j`. [SimdKernels] computes the same bits whatever the
/// vector width. Every float operation is exactly rounded, so the numbers are the same on every machine.
public final class Philox {

    public static final int GROUP = 64; // elements made from
    public static final int COUNTERS = 16; // this many counters
    public static final int WORDS = 4; // of a counter

    public static final int MULTIPLIER_0 = 0xD2511F53;
    public static final int MULTIPLIER_1 = 0xCD9E8D57;
    public static final int WEYL_0 = 0x9E3779B9; // golden ratio
    public static final int WEYL_1 = 0xBB67AE85; // √3 − 1
    public static final int ROUNDS = 10;

    private static final long LOW = 0xFFFF_FFFFL;
    private static final long LIMIT = 1L << 48;

    private Philox() {}

    /// 64 random bits.
    ///
    /// @param index which number of this stream and step, in [0, 2⁴⁸)
    /// @throws IllegalArgumentException if step or index is not in [0, 2⁴⁸)
    public static long bits(long seed, int stream, long step, long index) {
        return bits(seed, stream, step, index, 0);
    }

    /// A double in [0, 1), of 53 random bits. Arguments as for [#bits].
    public static double uniform(long seed, int stream, long step, long index) {
        return (bits(seed, stream, step, index) >>> 11) * 0x1p-53;
    }

    /// A whole number in [0, bound), from one [#bits]; the bias is below bound · 2⁻⁶⁴.
    ///
    /// @throws IllegalArgumentException if the bound is not positive
    public static long below(long bound, long seed, int stream, long step, long index) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound: expected a number > 0, found " + bound);
        }
        return Math.unsignedMultiplyHigh(bits(seed, stream, step, index), bound);
    }

    /// A double of the standard normal distribution (Box & Muller 1958). Arguments as for [#bits].
    public static double normal(long seed, int stream, long step, long index) {
        double u = ((bits(seed, stream, step, index, 0) >>> 11) + 1) * 0x1p-53; // (0, 1]
        double turn = (bits(seed, stream, step, index, 1) >>> 11) * 0x1p-53;
        return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * turn);
    }

    /// Element `index` of a tensor filled with U(0, 1), in [0, 1).
    public static float unit(Draw draw, long index) {
        return unit(word(draw, index));
    }

    /// Element `index` of a tensor filled with N(0, 1). Words 0 and 1 of a counter give one Box–Muller pair, 2 and 3 another.
    public static float normal(Draw draw, long index) {
        boolean sine = (index >>> 4 & 1) != 0;
        int radius = (int) (index >>> 4 & 2);
        return FloatMath.radius(word(draw, index, radius)) * FloatMath.circle(word(draw, index, radius + 1), sine);
    }

    public static float unit(int word) {
        return (word >>> 8) * 0x1p-24f;
    }

    private static int word(Draw draw, long index) {
        return word(draw, index, (int) (index >>> 4 & 3));
    }

    private static int word(Draw draw, long index, int word) {
        int[] words = new int[WORDS];
        block(draw.seed(), draw.stream(), draw.step(), counter(index), words, 0, 1);
        return words[word];
    }

    private static long counter(long index) {
        return (index >>> 6) * COUNTERS + (index & COUNTERS - 1);
    }

    public static void check(long step, long counter) {
        if (step < 0 || step >= LIMIT) {
            throw new IllegalArgumentException("step: expected a number in [0, 2^48), found " + step);
        }
        if (counter < 0 || counter >= LIMIT) {
            throw new IllegalArgumentException("index: expected a number in [0, 2^48), found " + counter);
        }
    }

    /// The upper counter word: the high bits of step and index share it.
    public static int upper(long step, long counter) {
        return (int) (step >>> 32 | counter >>> 32 << 16);
    }

    /// 64 of the 128 bits of a counter.
    private static long bits(long seed, int stream, long step, long counter, int half) {
        int[] words = new int[WORDS];
        block(seed, stream, step, counter, words, 0, 1);
        return words[2 * half] & LOW | (long) words[2 * half + 1] << 32;
    }

    /// The words of a counter, word w to `at + w · stride`.
    public static void block(long seed, int stream, long step, long counter, int[] words, int at, int stride) {
        check(step, counter);
        block((int) counter, stream, (int) step, upper(step, counter), (int) seed, (int) (seed >>> 32), words, at, stride);
    }

    /// The words of the block of counter (c0, c1, c2, c3) under key (k0, k1).
    public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] words, int at, int stride) {
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (MULTIPLIER_0 & LOW) * (c0 & LOW);
            long p1 = (MULTIPLIER_1 & LOW) * (c2 & LOW);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        words[at] = c0;
        words[at + stride] = c1;
        words[at + 2 * stride] = c2;
        words[at + 3 * stride] = c3;
    }
}
