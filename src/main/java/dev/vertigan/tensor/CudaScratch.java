package dev.vertigan.tensor;

import dev.vertigan.cuda.Device;

/// Working memory on a card, grown when a call needs more and kept for the next.
final class CudaScratch implements AutoCloseable {

    private final Device device;
    private long address;
    private long size;

    CudaScratch(Device device) {
        this.device = device;
    }

    /// The address of that much room; good until more is asked for.
    long bytes(long wanted) {
        if (wanted > size) {
            close();
            address = device.allocate(wanted);
            size = wanted;
        }
        return address;
    }

    @Override
    public void close() {
        if (size > 0) {
            device.free(address);
            size = 0;
        }
    }
}
