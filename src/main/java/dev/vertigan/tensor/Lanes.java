package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector width of this machine.
///
/// The loops of this package call the Vector API directly, without helpers: its methods are always inlined, while others are not past
/// a certain amount of code, and a vector that crosses a call is boxed, which makes a loop a hundred times slower.
public final class Lanes {

    /// Float vectors of the machine's width, at most 512 bits (the random numbers' layout has 16 lanes).
    public static final VectorSpecies<Float> F = VectorSpecies.of(float.class,
            VectorShape.preferredShape().vectorBitSize() > 512 ? VectorShape.S_512_BIT : VectorShape.preferredShape());

    /// Floats in a vector.
    public static final int L = F.length();

    /// Bytes in a vector.
    public static final int BYTES = F.vectorByteSize();

    /// Floats in a strip of four vectors, whose sums stay in registers while the rows go by.
    public static final int STRIP = 4 * L;

    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /// All memory, read and written at absolute addresses: a constant whose kind the compiler knows. Through the segments of tensors
    /// the same loops become six times slower as soon as anything in the process uses the Vector API on an array's segment.
    ///
    /// Nothing here checks bounds, so kernels check shapes first, and whoever takes an address keeps its tensor reachable.
    @SuppressWarnings("restricted")
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final VectorShuffle<Float> BY_HALF = rotation(L / 2);
    private static final VectorShuffle<Float> BY_QUARTER = rotation(L / 4);
    private static final VectorShuffle<Float> BY_EIGHTH = rotation(L / 8);
    private static final VectorShuffle<Float> BY_SIXTEENTH = rotation(L / 16);

    private Lanes() {}

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(F, lanes, 1, true);
    }

    public static void fillZero(long address, long floats) {
        ALL.asSlice(address, floats * Float.BYTES).fill((byte) 0);
    }

    /// Where the whole vectors of [from, to), counted from `from`, end.
    public static long wholeEnd(long from, long to) {
        return to - (to - from) % L;
    }

    /// The value, or 0 if it is subnormal.
    public static float flushed(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? 0 : value;
    }

    /// The sum of all lanes in a fixed order (`reduceLanes` promises none): halves added until one lane is left.
    public static float sum(FloatVector vector) {
        FloatVector sum = vector.add(vector.rearrange(BY_HALF));
        if (L > 2) {
            sum = sum.add(sum.rearrange(BY_QUARTER));
        }
        if (L > 4) {
            sum = sum.add(sum.rearrange(BY_EIGHTH));
        }
        if (L > 8) {
            sum = sum.add(sum.rearrange(BY_SIXTEENTH));
        }
        return sum.lane(0);
    }
}
