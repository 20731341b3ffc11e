package dev.vertigan.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/// The memory behind a tensor and its views: the host's, and a mirror of it where ND4J or a device computes.
///
/// This is the one place that knows which of the two is up to date. Copies are made when the other side asks, and no sooner. The host counts
/// as having written whenever it asked.
final class Memory {

    private static final int ALIGNMENT = 64;

    /// What a mirror is asked for.
    enum Access {
        /// It is left as it is.
        READ,
        /// It is changed.
        UPDATE,
        /// All of it is written.
        WRITE
    }

    private final DataType type;
    private final MemorySegment host;
    private final boolean apart;

    private Mirror mirror; // absent until it is used
    private boolean hostFresh = true;
    private boolean mirrorFresh;

    /// @param apart a test's wish: ND4J's memory apart from the host's even on the CPU
    Memory(DataType type, long size, boolean apart) {
        this.type = type;
        this.apart = apart;
        host = Arena.ofAuto().allocate(Math.max(size, 1) * type.width(), ALIGNMENT).asSlice(0, size * type.width());
    }

    /// Elements.
    long size() {
        return host.byteSize() / type.width();
    }

    /// The host's memory, up to date; where there is a mirror, only until that is asked for again.
    MemorySegment host() {
        if (!hostFresh) {
            mirror.fetch(host);
            hostFresh = true;
        }
        mirrorFresh = false;
        return host;
    }

    /// ND4J's memory, up to date. ND4J starts (a second or more) when it is first asked for, not before.
    DataBuffer nd4j() {
        return mirror(Nd4jMirror.class, () -> new Nd4jMirror(type, host, apart), Access.UPDATE).buffer();
    }

    /// A mirror of that kind.
    <M extends Mirror> M mirror(Class<M> kind, Supplier<M> maker, Access access) {
        if (!kind.isInstance(mirror)) {
            host();
            mirror = maker.get();
        }
        if (!mirrorFresh && access != Access.WRITE) {
            mirror.send(host);
        }
        mirrorFresh = true;
        hostFresh &= access == Access.READ;
        return kind.cast(mirror);
    }
}
