package dev.vertigan.tensor.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Working memory of one family of kernels, grown when a call needs more and kept for the next.
public final class Scratch {

    private static final int ALIGNMENT = 64;

    private MemorySegment memory = MemorySegment.NULL;

    /// The address of room for `count` floats; good until more are asked for.
    public long floats(long count) {
        if (memory.byteSize() < count * Float.BYTES) {
            memory = Arena.ofAuto().allocate(count * Float.BYTES, ALIGNMENT);
        }
        return memory.address();
    }
}
