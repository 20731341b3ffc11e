package dev.vertigan.tensor.cuda;

import dev.vertigan.cuda.CommandQueue;

/// Working memory on a card, grown when a call needs more and kept for the next.
final class CudaScratch implements AutoCloseable {

    private final CommandQueue queue;
    private long address;
    private long size;

    CudaScratch(CommandQueue queue) {
        this.queue = queue;
    }

    /// The address of that much room; good until more is asked for.
    long bytes(long wanted) {
        if (wanted > size) {
            close();
            address = queue.allocate(wanted);
            size = wanted;
        }
        return address;
    }

    @Override
    public void close() {
        if (size > 0) {
            queue.free(address);
            size = 0;
        }
    }
}
