package dev.vertigan.tensor.nd4j;

import dev.vertigan.tensor.Mirror;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/// ND4J's buffer of a tensor: on the CPU the host's own memory, on a device a second copy.
///
/// A buffer of ND4J on a device has a host side of its own, which ND4J brings up to date when asked and takes from when told; on the CPU
/// it is the buffer. Copies go through it, so they are the same code in both cases. A device's work is waited for by the thread that
/// ordered it: what one thread had computed, it must read itself before it hands the tensor on.
public final class Nd4jMirror implements Mirror {

    private final DataBuffer buffer;
    private final boolean apart;

    /// @param apart whether it is a copy even on the CPU
    public Nd4jMirror(DataType type, MemorySegment host, boolean apart) {
        this.apart = apart || Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU;
        long size = host.byteSize() / type.width();
        buffer = this.apart ? Nd4j.createBuffer(type, size, true) : Nd4j.createBuffer(pointer(type, host), size, type);
    }

    public DataBuffer buffer() {
        return buffer;
    }

    @Override
    public void send(MemorySegment host) {
        if (apart) {
            hostSide(host).copyFrom(host);
            Nd4j.getAffinityManager().tagLocation(buffer, AffinityManager.Location.HOST);
        }
    }

    @Override
    public void fetch(MemorySegment host) {
        if (apart) {
            Nd4j.getAffinityManager().ensureLocation(Nd4j.create(buffer, buffer.length()), AffinityManager.Location.HOST);
            host.copyFrom(hostSide(host));
        }
    }

    @SuppressWarnings("restricted") // the buffer's own bytes
    private MemorySegment hostSide(MemorySegment host) {
        return MemorySegment.ofAddress(buffer.pointer().address()).reinterpret(host.byteSize());
    }

    private static Pointer pointer(DataType type, MemorySegment memory) {
        return type == DataType.FLOAT ? new FloatView(memory) : new DoubleView(memory);
    }

    // JavaCPP's pointers to the segment, which keep it from being freed.

    private static final class FloatView extends FloatPointer {
        @SuppressWarnings("UnusedVariable")
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
        @SuppressWarnings("UnusedVariable")
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
