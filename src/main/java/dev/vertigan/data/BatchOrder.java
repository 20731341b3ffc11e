package dev.vertigan.data;

/// The order samples are visited in: for each epoch a permutation of [0, size) keyed by (seed, epoch), computed in O(1) at any
/// place, so a run can resume anywhere with nothing saved.
///
/// A Feistel network over the next power of two, walking the cycle until it lands inside (Black and Rogaway 2002).
public final class BatchOrder implements Order {

    private static final int ROUNDS = 8; // even: halves of unequal width take turns
    private static final int LEAST_BITS = 8; // narrower networks mix badly

    private final long seed;
    private final long size;
    private final int rightBits;
    private final long leftMask;
    private final long rightMask;

    /// @throws IllegalArgumentException if `size` is not in [1, 2⁶²]
    public BatchOrder(long seed, long size) {
        if (size < 1 || size > 1L << 62) {
            throw new IllegalArgumentException("size: expected 1 to 2⁶², found " + size);
        }
        this.seed = seed;
        this.size = size;
        int bits = Math.max(LEAST_BITS, Long.SIZE - Long.numberOfLeadingZeros(size - 1));
        rightBits = bits / 2;
        rightMask = (1L << rightBits) - 1;
        leftMask = (1L << (bits - rightBits)) - 1;
    }

    /// @throws IndexOutOfBoundsException if `sample` is negative
    @Override
    public long index(long sample) {
        if (sample < 0) {
            throw new IndexOutOfBoundsException("sample: expected ≥ 0, found " + sample);
        }
        long key = CounterRandom.hash(seed, sample / size);
        long place = sample % size;
        do {
            place = permute(place, key);
        } while (place >= size);
        return place;
    }

    private long permute(long place, long key) {
        long left = place >>> rightBits;
        long right = place & rightMask;
        for (int round = 0; round < ROUNDS; round += 2) {
            left ^= CounterRandom.hash(key + round, right) & leftMask;
            right ^= CounterRandom.hash(key + round + 1, left) & rightMask;
        }
        return left << rightBits | right;
    }
}
