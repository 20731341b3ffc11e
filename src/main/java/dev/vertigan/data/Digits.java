package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.util.Objects;

/// The built-in data set: handwriting made on the spot, 28×28 grey and labelled, endless and seekable, in need of no download.
///
/// Every sample is a pure function of its index. What was written once is kept as bytes, so a second epoch costs nothing.
public final class Digits implements Dataset {

    private static final long STREAM = 0x646967697473L;
    private static final int KEPT = 1 << 17; // samples at most: 100 MiB
    private static final int CLASSES = 10;
    private static final int[] UNITS = {1, 3, 7, 9}; // multipliers that permute the ten digits

    static {
        System.setProperty("java.awt.headless", "true");
    }

    private static final ThreadLocal<Handwriting> HAND = ThreadLocal.withInitial(Handwriting::new);

    private final long size;
    private final long first;
    private final SampleCache kept;

    /// @throws UserError if `size` is no number of samples
    public Digits(long size) {
        this(size, 0);
    }

    private Digits(long size, long first) {
        if (size < 1 || size > 1L << 60) {
            throw new UserError("data.size: expected 1 to 2⁶⁰ samples an epoch, found " + size);
        }
        this.size = size;
        this.first = first;
        kept = new SampleCache(size, KEPT, index -> write(first + index));
    }

    /// `count` digits that none of a training set's are.
    static Digits heldOut(long count) {
        return new Digits(count, CounterRandom.HELD_OUT);
    }

    @Override
    public String name() {
        return "digits";
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public int[] shape() {
        return new int[] {Pen.SIZE, Pen.SIZE, 1};
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int classes() {
        return CLASSES;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        Pixels.toUnit(kept.get(Objects.checkIndex(index, size)), 0, target, offset, Pen.SIZE * Pen.SIZE);
    }

    /// Every ten samples hold each digit once, in an order of their own.
    @Override
    public int label(long index) {
        return digit(first + Objects.checkIndex(index, size));
    }

    private static int digit(long place) {
        long hash = CounterRandom.hash(STREAM, place / CLASSES);
        int unit = UNITS[(int) (hash & 3)];
        return (int) ((unit * (place % CLASSES) + (hash >>> 2) % CLASSES) % CLASSES);
    }

    private static byte[] write(long place) {
        return HAND.get().write(digit(place), new CounterRandom(STREAM, place));
    }
}
