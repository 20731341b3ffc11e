package dev.vertigan.game;

/// A place in the game, which keys its random numbers.
///
/// @param branch how often the game went back before, to go on by other random numbers: `game.branch`
/// @param step the turn, from 1
/// @param phase the pass within the turn: D's k-th update is phase k, G's update is [#GENERATOR_PHASE]
public record Moment(int branch, long step, int phase) {

    /// The phase of G's update; D's updates a turn are fewer than that.
    public static final int GENERATOR_PHASE = 127;

    private static final int STEP_BITS = 38; // of the 48 that a key has; the branch has the rest

    public Moment {
        if (step < 0 || step >> STEP_BITS > 0) {
            throw new IllegalArgumentException("step: expected 0 to 2³⁸ − 1, found " + step);
        }
    }

    /// In a game that never went back.
    public Moment(long step, int phase) {
        this(0, step, phase);
    }

    /// G's update in turn `step`.
    public static Moment ofGenerator(int branch, long step) {
        return new Moment(branch, step, GENERATOR_PHASE);
    }

    /// What tells its random numbers from those of all other turns, also of other branches. Of branch 0 it is the step.
    long key() {
        return (long) branch << STEP_BITS | step;
    }
}
