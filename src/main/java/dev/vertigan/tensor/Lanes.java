package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector width of this machine, and how float vectors come from and go to a tensor's memory. Positions count elements.
final class Lanes {

    /// Float vectors of the machine's width, at most 512 bits (the random numbers' layout has 16 lanes).
    static final VectorSpecies<Float> F = VectorSpecies.of(float.class,
            VectorShape.preferredShape().vectorBitSize() > 512 ? VectorShape.S_512_BIT : VectorShape.preferredShape());

    /// Floats in a vector.
    static final int L = F.length();

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Lanes() {}

    static FloatVector load(MemorySegment memory, long position) {
        return FloatVector.fromMemorySegment(F, memory, position << 2, ORDER);
    }

    static FloatVector load(MemorySegment memory, long position, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(F, memory, position << 2, ORDER, mask);
    }

    static void store(FloatVector vector, MemorySegment memory, long position) {
        vector.intoMemorySegment(memory, position << 2, ORDER);
    }

    static void store(FloatVector vector, MemorySegment memory, long position, VectorMask<Float> mask) {
        vector.intoMemorySegment(memory, position << 2, ORDER, mask);
    }

    /// The lanes of a vector starting at `position` that lie before `end`.
    static VectorMask<Float> before(long position, long end) {
        return F.indexInRange(position, end);
    }

    /// The first position in [from, to), counted from `from` in whole vectors, where no whole vector fits.
    static long wholeEnd(long from, long to) {
        return to - (to - from) % L;
    }

    static FloatVector zero() {
        return FloatVector.zero(F);
    }

    /// The sum of all lanes in a fixed order (`reduceLanes` promises none).
    static float sum(FloatVector vector) {
        FloatVector sum = vector;
        for (int half = L / 2; half > 0; half /= 2) {
            sum = sum.add(sum.rearrange(VectorShuffle.iota(F, half, 1, true)));
        }
        return sum.lane(0);
    }
}
