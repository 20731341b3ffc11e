package dev.vertigan.values;

import java.util.List;

/// What crossed the bus in a stretch of time, and where the time of its turns went; told while someone watches.
///
/// @param seconds how long the stretch was
/// @param turns completed in it
/// @param messages by type, in the order that a turn sends them
/// @param shares of the stretch, in the order of [Part], adding up to 1
public record Pulse(double seconds, long turns, List<Traffic> messages, List<Double> shares) {

    /// Where time goes. WAITING is what is left: the Conductor, pictures, checkpoints, reports, and rest.
    public enum Part { FEED, DISCRIMINATOR, DISCRIMINATOR_OPTIMISER, GENERATOR, GENERATOR_OPTIMISER, WAITING }

    /// The messages of one type.
    ///
    /// @param message its simple name
    /// @param address where they were sent
    /// @param count how many
    /// @param bytes of tensors, there and back, that moved by reference
    /// @param medianMillis from question to answer, of the newest few hundred
    /// @param slowMillis the time that 99 in 100 took less than
    public record Traffic(String message, String address, long count, long bytes, double medianMillis, double slowMillis) {}
}
