package dev.vertigan.data;

/// The numbers one sample is made of: SplitMix64 (Steele et al. 2014) started at a hash of (stream, index), so that every
/// sample is a pure function of its index and none depends on which was made before.
///
/// Data does not follow the run's seed: sample 7 of `digits` is the same digit in every run, and on every platform
/// (`StrictMath` throughout).
final class CounterRandom {

    /// Where the indices of samples that are never trained on begin.
    static final long HELD_OUT = 1L << 61;

    private static final long GAMMA = 0x9E3779B97F4A7C15L; // 2⁶⁴ / golden ratio, odd

    private long state;
    private double spare = Double.NaN; // the second normal of a Box–Muller pair

    CounterRandom(long stream, long index) {
        state = hash(stream, index);
    }

    /// 64 well mixed bits of two numbers.
    static long hash(long a, long b) {
        return mix(mix(a + GAMMA) ^ b);
    }

    /// SplitMix64's finaliser, a bijection of 64-bit numbers.
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    long nextLong() {
        return mix(state += GAMMA);
    }

    /// Uniform in [0, 1).
    double uniform() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// Uniform in [from, to).
    double uniform(double from, double to) {
        return from + (to - from) * uniform();
    }

    /// Uniform in [0, bound).
    int below(int bound) {
        return (int) Math.multiplyHigh(nextLong() >>> 1, 2L * bound);
    }

    /// Standard normal (Box and Muller 1958).
    double normal() {
        if (!Double.isNaN(spare)) {
            double second = spare;
            spare = Double.NaN;
            return second;
        }
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
        double angle = 2 * Math.PI * uniform();
        spare = radius * StrictMath.sin(angle);
        return radius * StrictMath.cos(angle);
    }

    /// Standard normal held within ±limit, for what must not go astray.
    double normal(double limit) {
        return Math.clamp(normal(), -limit, limit);
    }
}
