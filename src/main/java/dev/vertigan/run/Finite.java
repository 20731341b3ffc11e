package dev.vertigan.run;

import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Looks for values that are not finite, at the speed of reading memory.
///
/// An IEEE 754 number is infinite or NaN exactly if all bits of its exponent are set. Adding 1 to the exponent field then,
/// and only then, carries into the (cleared) sign bit, so two floats are tested at once in one `long`, without a branch.
final class Finite {

    private static final int BLOCK = 4096; // longs between two looks at the carries

    private static final long FLOAT_EXPONENTS = 0x7f800000_7f800000L;
    private static final long FLOAT_ONES = 0x00800000_00800000L;
    private static final long FLOAT_CARRIES = 0x80000000_80000000L;

    private static final long DOUBLE_EXPONENT = 0x7ff00000_00000000L;
    private static final long DOUBLE_ONE = 0x00100000_00000000L;
    private static final long DOUBLE_CARRY = 0x80000000_00000000L;

    private Finite() {}

    /// Index of the first NaN or infinity, or −1.
    static long firstNonFinite(Tensor tensor) {
        boolean single = tensor.type() == ElementType.FLOAT32;
        long words = tensor.segment().byteSize() / Long.BYTES;
        var block = new long[BLOCK]; // a loop over an array is quick from the first, one over a segment not before it is compiled
        for (long from = 0; from < words; from += BLOCK) {
            int count = (int) Math.min(BLOCK, words - from);
            MemorySegment.copy(tensor.segment(), ValueLayout.JAVA_LONG_UNALIGNED, from * Long.BYTES, block, 0, count);
            long carries = single
                    ? carries(block, count, FLOAT_EXPONENTS, FLOAT_ONES) & FLOAT_CARRIES
                    : carries(block, count, DOUBLE_EXPONENT, DOUBLE_ONE) & DOUBLE_CARRY;
            if (carries != 0) {
                return search(tensor, single ? 2 * from : from);
            }
        }
        return search(tensor, single ? 2 * words : words); // the odd float at the end
    }

    private static long carries(long[] words, int count, long exponents, long ones) {
        long carries = 0;
        for (int i = 0; i < count; i++) {
            carries |= (words[i] & exponents) + ones;
        }
        return carries;
    }

    private static long search(Tensor tensor, long from) {
        for (long i = from; i < tensor.size(); i++) {
            if (!Double.isFinite(tensor.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
