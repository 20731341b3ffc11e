package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;

/// What someone else than the host has of a tensor's memory.
public interface Mirror {

    /// Takes over the host's memory.
    void send(MemorySegment host);

    /// Brings the host's memory up to date.
    void fetch(MemorySegment host);
}
