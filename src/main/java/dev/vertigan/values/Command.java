package dev.vertigan.values;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a person asks of the run, sent to the Conductor; acted on between turns and answered with the [Status]
/// after it took effect ([Stop], [SaveCheckpoint] and [Bookmark]: after the checkpoint is verified on disk).
public sealed interface Command extends Request<Status> {

    record GetStatus() implements Command {}

    /// Ends the turn, saves, waits.
    record Stop() implements Command {}

    record Resume() implements Command {}

    /// Makes that many turns, then stops again. Answered when they are made.
    record Step(long turns) implements Command {}

    /// Goes on within a turn up to the end of one of its parts, then holds it there. Answered when it is held, or when the turn is over and saved.
    record Advance(Part part) implements Command {}

    /// A part of a turn: one message and its answer, or all up to and with a player's next update.
    enum Part { MESSAGE, UPDATE }

    /// Plays turns no faster than that, as long as someone looks. Takes effect at once, and is no part of the run.
    ///
    /// @param turnsPerSecond 0 = as fast as they can be
    record SetPace(double turnsPerSecond) implements Command {}

    record SaveCheckpoint() implements Command {}

    /// Saves, and keeps that checkpoint for good.
    ///
    /// @param name what it is for; may be empty
    record Bookmark(String name) implements Command {}

    /// Goes back to the newest good checkpoint of a step or one before it, and on from there in a new branch: by other random numbers, and
    /// without what was edited since.
    ///
    /// @param reason in words
    record RollBack(long step, String reason) implements Command {}

    /// Ends the run before all its turns are made, until it is resumed.
    ///
    /// @param reason in words
    record Finish(String reason) implements Command {}

    /// Changes live settings from the next turn on.
    ///
    /// @param assignments values by path, as in `generator.optimiser.rate`
    record Edit(Map<String, JsonNode> assignments) implements Command {

        public Edit {
            assignments = Collections.unmodifiableMap(new TreeMap<>(assignments));
        }
    }
}
