package dev.vertigan.game;

/// A place in the game, which keys its random numbers.
///
/// @param step the turn, from 1
/// @param phase the pass within the turn: D's k-th update is phase k, G's update is [#GENERATOR_PHASE]
public record Moment(long step, int phase) {

    /// The phase of G's update; D's updates a turn are fewer than that.
    public static final int GENERATOR_PHASE = 127;

    /// G's update in turn `step`.
    public static Moment ofGenerator(long step) {
        return new Moment(step, GENERATOR_PHASE);
    }
}
