package dev.vertigan.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/// The memory behind a tensor and its views, for the host and for ND4J.
///
/// This is the one place that knows whether the two are the same memory. On the CPU they are. On a device ND4J's buffer is a
/// second copy; whichever side was asked for last counts as written, and is copied when the other is asked for next.
/// ND4J starts (a second or more) when its buffer is first asked for, not before.
///
/// A buffer of ND4J on a device has a host side of its own, which ND4J brings up to date when asked and takes from when told; on the CPU
/// it is the buffer. Copies go through it, so they are the same code in both cases. A device's work is waited for by the thread that
/// ordered it: what one thread had computed, it must read itself before it hands the tensor on.
final class Memory {

    private static final int ALIGNMENT = 64;

    private final DataType type;
    private final MemorySegment host;
    private final boolean ownDevice; // a test's wish: ND4J's copy apart even on the CPU

    private DataBuffer device; // absent until ND4J is used
    private boolean apart; // device is a copy of its own
    private boolean hostNewer;

    Memory(DataType type, long size, boolean ownDevice) {
        this.type = type;
        this.ownDevice = ownDevice;
        host = Arena.ofAuto().allocate(Math.max(size, 1) * type.width(), ALIGNMENT).asSlice(0, size * type.width());
    }

    /// The host's memory, up to date; on a device only until ND4J's is asked for again.
    MemorySegment host() {
        if (apart && !hostNewer) {
            Nd4j.getAffinityManager().ensureLocation(Nd4j.create(device, device.length()), AffinityManager.Location.HOST);
            host.copyFrom(hostSide());
            hostNewer = true;
        }
        return host;
    }

    /// ND4J's memory, up to date.
    DataBuffer device() {
        if (device == null) {
            apart = ownDevice || Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU;
            long size = host.byteSize() / type.width();
            device = apart ? Nd4j.createBuffer(type, size, true) : Nd4j.createBuffer(pointer(host), size, type);
            hostNewer = apart;
        }
        if (hostNewer) {
            hostSide().copyFrom(host);
            Nd4j.getAffinityManager().tagLocation(device, AffinityManager.Location.HOST);
            hostNewer = false;
        }
        return device;
    }

    @SuppressWarnings("restricted") // the buffer's own bytes
    private MemorySegment hostSide() {
        return MemorySegment.ofAddress(device.pointer().address()).reinterpret(host.byteSize());
    }

    private Pointer pointer(MemorySegment memory) {
        return type == DataType.FLOAT ? new FloatView(memory) : new DoubleView(memory);
    }

    // JavaCPP's pointers to the segment, which keep it from being freed.

    private static final class FloatView extends FloatPointer {
        private final MemorySegment memory;

        private FloatView(MemorySegment memory) {
            super((Pointer) null);
            this.memory = memory;
            address = memory.address();
            limit = memory.byteSize() / Float.BYTES;
            capacity = limit;
        }
    }

    private static final class DoubleView extends DoublePointer {
        private final MemorySegment memory;

        private DoubleView(MemorySegment memory) {
            super((Pointer) null);
            this.memory = memory;
            address = memory.address();
            limit = memory.byteSize() / Double.BYTES;
            capacity = limit;
        }
    }
}
