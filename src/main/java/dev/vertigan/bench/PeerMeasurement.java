package dev.vertigan.bench;

/// What came of asking a peer to play a workload.
public sealed interface PeerMeasurement {

    String name();

    /// @param description library, version, and how it computes
    /// @param turnMillis a turn
    /// @param ratio its time over ours, of blocks played one after the other
    record Played(String name, String description, Spread turnMillis, Spread ratio) implements PeerMeasurement {}

    /// @param why it does not play
    record Refused(String name, String why) implements PeerMeasurement {}
}
