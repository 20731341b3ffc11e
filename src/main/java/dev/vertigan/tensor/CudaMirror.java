package dev.vertigan.tensor;

import dev.vertigan.cuda.Device;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/// A tensor's memory on a card.
final class CudaMirror implements Mirror {

    private static final Cleaner CLEANER = Cleaner.create();

    private final Device device;
    private final long address;

    /// @param bytes its size
    CudaMirror(Device device, long bytes) {
        this.device = device;
        long memory = device.allocate(bytes);
        address = memory;
        CLEANER.register(this, () -> device.free(memory));
    }

    /// On the card.
    long address() {
        return address;
    }

    @Override
    public void send(MemorySegment host) {
        device.send(host, address);
    }

    @Override
    public void fetch(MemorySegment host) {
        device.fetch(address, host);
    }
}
