package dev.vertigan.cuda;

import java.lang.foreign.MemorySegment;

/// Pinned memory of the host that copies to the card start from. Grows.
@SuppressWarnings("restricted") // native access is the point
final class Staging implements AutoCloseable {

    private static final long ALIGNMENT = 256;
    private static final long LEAST = 1 << 16;

    private final Driver driver;
    private MemorySegment memory = MemorySegment.NULL;
    private long used;

    Staging(Driver driver) {
        this.driver = driver;
    }

    /// Whether there is room without giving up what is in use.
    boolean fits(long bytes) {
        return used == 0 || used + bytes <= memory.byteSize();
    }

    /// Copies `from`.
    ///
    /// @return the copy's address
    long take(MemorySegment from) {
        if (used + from.byteSize() > memory.byteSize()) {
            close();
            long size = Math.max(LEAST, Long.highestOneBit(2 * from.byteSize() - 1));
            memory = MemorySegment.ofAddress(driver.answer("cuMemHostAlloc", size, 0)).reinterpret(size);
        }
        var copy = memory.asSlice(used, from.byteSize());
        copy.copyFrom(from);
        used = (used + from.byteSize() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return copy.address();
    }

    /// Its content is no longer needed.
    void reuse() {
        used = 0;
    }

    @Override
    public void close() {
        if (memory.byteSize() > 0) {
            driver.call("cuMemFreeHost", memory.address());
            memory = MemorySegment.NULL;
            used = 0;
        }
    }
}
