package dev.vertigan.cuda;

import java.lang.foreign.MemorySegment;

/// A copy from the card that is under way, into pinned memory of the host.
@SuppressWarnings("restricted") // native access is the point
public final class Arrival implements AutoCloseable {

    static final long ROOM = 1 << 16; // bytes

    private final CommandQueue queue;
    private final Driver driver;
    final MemorySegment memory;
    final long event;
    private long bytes;

    Arrival(CommandQueue queue, Driver driver) {
        this.queue = queue;
        this.driver = driver;
        memory = MemorySegment.ofAddress(driver.answer("cuMemHostAlloc", ROOM, 0)).reinterpret(ROOM);
        event = driver.answer("cuEventCreate", 2); // CU_EVENT_DISABLE_TIMING
    }

    Arrival of(long some) {
        bytes = some;
        return this;
    }

    /// What was asked for, once it is there; good until [#close].
    public MemorySegment await() {
        queue.enter();
        driver.await(event);
        return memory.asSlice(0, bytes);
    }

    /// Whether [#await] would not wait.
    public boolean arrived() {
        queue.enter();
        return driver.result("cuEventQuery", event) == 0;
    }

    /// Lets its memory be used again.
    @Override
    public void close() {
        queue.reuse(this);
    }
}
