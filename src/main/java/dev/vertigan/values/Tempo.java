package dev.vertigan.values;

import java.util.Optional;

/// How fast turns are played for someone who watches, and where a turn is held. No part of the run: its bits are the same at any pace.
///
/// @param turnsPerSecond at most; 0 = as fast as they can be
/// @param held where a turn waits that is stepped through, if one does
public record Tempo(double turnsPerSecond, Optional<Held> held) {

    /// A turn that waits before one of its messages.
    ///
    /// @param step the turn, from 1
    /// @param next who learns next: the update that a step completes
    /// @param update which of that player's updates in this turn it is, from 1
    /// @param updates that player makes in a turn
    /// @param message the simple name of the message that is sent next
    public record Held(long step, Learner next, int update, int updates, String message) {}

    /// Who learns.
    public enum Learner { DISCRIMINATOR, GENERATOR }
}
