package dev.vertigan.train;

import dev.vertigan.game.PlainGame;
import dev.vertigan.game.PlayerState;

/// A run as it goes on by other settings from the state that a replay was at: what a fork made there comes to, but in memory alone. Not
/// thread-safe; it computes with the replay's kernels.
public final class Alternative {

    private final PlainGame game;

    Alternative(PlainGame game) {
        this.game = game;
    }

    /// Plays on to a step.
    ///
    /// @return whether it got there, and was not ended on the way
    /// @throws dev.vertigan.game.NonFinite if it cannot be played that far
    public boolean to(long step, Replay.Watch watch) {
        long from = game.step();
        long began = System.nanoTime();
        for (long at = from; at < step; at++) {
            if (!watch.goesOn(new Replay.Way(from, at, step, System.nanoTime() - began))) {
                return false;
            }
            game.play(1);
        }
        return true;
    }

    /// Both players where it is; it holds until it plays on.
    public PlayerState state() {
        return new PlayerState(game.step(), game.state());
    }
}
