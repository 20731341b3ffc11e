package dev.vertigan.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/// The memory behind a tensor and its views, for the host and for ND4J.
///
/// This is the one place that knows whether the two are the same memory. On the CPU they are. On a device ND4J's buffer is a
/// second copy; whichever side was asked for last counts as written, and is copied when the other is asked for next.
/// ND4J starts (a second or more) when its buffer is first asked for, not before.
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
            copy(device, false);
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
            copy(device, true);
            hostNewer = false;
        }
        return device;
    }

    private void copy(DataBuffer buffer, boolean toDevice) {
        DataBuffer view = Nd4j.createBuffer(pointer(host), buffer.length(), type);
        DataBuffer from = toDevice ? view : buffer;
        DataBuffer to = toDevice ? buffer : view;
        Nd4j.create(to, buffer.length()).assign(Nd4j.create(from, buffer.length()));
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
