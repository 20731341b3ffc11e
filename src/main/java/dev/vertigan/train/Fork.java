package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Parent;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Makes a run that begins where another one was after a step, with other settings if wanted. Without, it comes to what its parent came to,
/// unless that was edited later.
public final class Fork {

    /// Ends the name of a folder that is not a whole run yet.
    public static final String MAKING = ".making";

    private Fork() {}

    /// What a fork would be played by.
    ///
    /// @param parent the run at that step: see [Replay#config()]
    /// @param changes settings by path; any that keep the players' weights, moments and averages as they are
    /// @throws UserError with every problem
    public static RunConfig config(RunConfig parent, Map<String, JsonNode> changes) {
        try {
            return parent.withAny(changes);
        } catch (InvalidEdit e) {
            throw new UserError("expected settings that fit, found\n  " + String.join("\n  ", e.problems()), e);
        }
    }

    /// Makes the folder of a fork, from which `resume` plays on. It is there whole or not at all.
    ///
    /// @param replay at the step where it begins
    /// @param config the fork's, from [#config]
    /// @param into its folder, which is not there yet
    /// @throws UserError if the players do not fit the configuration, or the folder cannot be made
    public static void make(Replay replay, RunConfig config, Path into) {
        requireSamplesAlike(config, replay.config());
        replay.alternative(config); // fits, or this says why not
        requireFree(into);
        Path making = into.resolveSibling(into.getFileName() + MAKING);
        if (Files.exists(making)) { // another attempt was cut short
            RunFolders.discard(making);
        }
        var folder = RunFolder.create(making, config.toJson());
        try {
            fill(folder, replay, config, into);
        } catch (RuntimeException | Error e) {
            folder.close();
            RunFolders.discard(making);
            throw e;
        }
        folder.close();
        RunFolders.rename(making, into);
    }

    /// @throws UserError if a fork's samples are not of its parent's shape, so that the parent's weights are not for them
    public static void requireSamplesAlike(RunConfig config, RunConfig parent) {
        int[] expected = Datasets.shape(parent.data());
        int[] found = Datasets.shape(config.data());
        if (!Arrays.equals(found, expected)) {
            throw new UserError(String.format(Locale.ROOT, "data: expected samples of the shape %s, as the run's players have them, found %s of the "
                    + "shape %s; begin a new run with `vertigan train` for these", Shape.of(expected), config.data().name().written(),
                    Shape.of(found)));
        }
    }

    /// @throws UserError if there is something where a fork's folder is to be
    public static void requireFree(Path into) {
        if (into.toString().toLowerCase(Locale.ROOT).endsWith(MAKING)) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a name that does not end with %s, as a fork's does until it is whole", into,
                    MAKING));
        }
        if (Files.exists(into)) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a place for a new run's folder, found something there", into));
        }
    }

    private static void fill(RunFolder folder, Replay replay, RunConfig config, Path into) {
        folder.copyStream(replay.run());
        var state = replay.checkpoint();
        var changes = changes(config, replay.config());
        folder.journal().append(state.step(), Journal.Kind.ORIGIN, Parent.of(replay.run(), into, state.step(), changes).details());
        var origin = replay.origin(config).since(List.of(), false).details();
        if (!config.data().equals(replay.config().data())) {
            origin.remove(Origin.DATA); // whoever resumes it first opens them, and keeps what they are
        }
        folder.journal().append(state.step(), Journal.Kind.START, origin);
        var metadata = new HashMap<>(state.metadata());
        metadata.put(Checkpoint.CONFIG_SHA256, config.hash());
        metadata.put(Checkpoint.JOURNAL_POSITION, Integer.toString(folder.journal().position()));
        folder.save(new Checkpoint(state.step(), state.tensors(), metadata), ArchiveVerticle.retention(config.checkpoint()));
    }

    /// All settings that differ, also those that do not decide the result.
    private static Map<String, JsonNode> changes(RunConfig config, RunConfig parent) {
        var changes = new TreeMap<>(config.changesFrom(parent));
        var live = new TreeMap<>(config.live());
        live.entrySet().removeAll(parent.live().entrySet());
        changes.putAll(live);
        return changes;
    }
}
