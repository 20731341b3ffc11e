package dev.vertigan.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;

/// The memory behind a tensor and its views: the host's, and a mirror of it where something else than the host computes.
///
/// This is the one place that knows which of the two is up to date. Copies are made when the other side asks, and no sooner. The host counts
/// as having written whenever it asked.
final class Memory {

    private static final int ALIGNMENT = 64;

    private final MemorySegment host;
    private Optional<Mirror> mirror = Optional.empty(); // until it is used
    private boolean hostFresh = true;
    private boolean mirrorFresh;

    /// @param bytes its size
    Memory(long bytes) {
        host = Arena.ofAuto().allocate(Math.max(bytes, ElementType.FLOAT64.width()), ALIGNMENT).asSlice(0, bytes);
    }

    /// Bytes.
    long size() {
        return host.byteSize();
    }

    /// The host's memory, up to date; where there is a mirror, only until that is asked for again.
    MemorySegment host() {
        if (!hostFresh) {
            mirror.orElseThrow().fetch(host);
            hostFresh = true;
        }
        mirrorFresh = false;
        return host;
    }

    /// A mirror of that kind, up to date.
    ///
    /// @param maker makes one for the host's memory, if the last one was of another kind
    <M extends Mirror> M mirror(Class<M> kind, Function<MemorySegment, M> maker, Access access) {
        var there = mirror.filter(kind::isInstance).map(kind::cast);
        if (there.isEmpty()) {
            host();
        }
        var current = there.orElseGet(() -> maker.apply(host));
        mirror = Optional.of(current);
        if (!mirrorFresh && access != Access.WRITE) {
            current.send(host);
        }
        mirrorFresh = true;
        hostFresh &= access == Access.READ;
        return current;
    }
}
