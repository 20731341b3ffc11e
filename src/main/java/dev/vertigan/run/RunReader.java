package dev.vertigan.run;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Report;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;

/// Looks at a run's folder, which another process may hold at the time. Changes nothing in it.
public final class RunReader {

    private RunReader() {}

    /// The configuration of a run.
    ///
    /// @throws UserError if there is no run
    public static String config(Path path) {
        if (!Files.isDirectory(path)) {
            String found = Files.exists(path) ? "a file" : "nothing";
            throw new UserError(String.format(Locale.ROOT, "%s: expected a run's folder, found %s. `train` makes one.", path, found));
        }
        Path config = path.resolve(RunFolder.CONFIG);
        if (!Files.exists(config)) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a run's folder with a %s, found none. ", path, RunFolder.CONFIG)
                    + String.format(Locale.ROOT, "If a run was cut short while being made there, `train --run-dir %s` makes it anew.", path));
        }
        try {
            Durable.requireFile(config);
            return Files.readString(config);
        } catch (CharacterCodingException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected text, found bytes that are not UTF-8. Bring back a good copy.", config), e);
        } catch (IOException e) {
            throw Failures.of(config, "a file that can be read", e);
        }
    }

    /// The newest good checkpoint of a run. See [CheckpointStore#recover(Path)].
    public static CheckpointStore.Recovery newest(Path path) {
        return CheckpointStore.recover(path.resolve(RunFolder.CHECKPOINTS));
    }

    /// The checkpoint of one step of a run. See [CheckpointStore#at].
    public static Checkpoint at(Path path, long step) {
        return CheckpointStore.at(path.resolve(RunFolder.CHECKPOINTS), step);
    }

    /// The newest good checkpoint of a run that is of a step or one before it; the run may be another process's.
    public static Optional<Checkpoint> checkpointBefore(Path path, long step) {
        return CheckpointStore.newest(path.resolve(RunFolder.CHECKPOINTS), step).checkpoint();
    }

    /// The steps of which a run has checkpoints.
    public static SortedSet<Long> checkpointSteps(Path path) {
        return CheckpointStore.steps(path.resolve(RunFolder.CHECKPOINTS));
    }

    /// The same, each with its file.
    public static SortedMap<Long, Path> checkpointFiles(Path path) {
        return CheckpointStore.byStep(path.resolve(RunFolder.CHECKPOINTS));
    }

    /// The last report of a run, if there is one.
    public static Optional<Report> lastReport(Path path) {
        return MetricLog.newest(path.resolve(RunFolder.METRICS));
    }

    /// Reads every report of a run, in order.
    ///
    /// @throws UserError if they cannot be read
    public static void reports(Path path, Consumer<Report> reader) {
        MetricLog.visit(path.resolve(RunFolder.METRICS), reader);
    }

    /// Reports of a run after a step up to another, evenly thinned to a limit.
    public static List<Report> history(Path path, long after, long to, int limit) {
        return MetricLog.history(path.resolve(RunFolder.METRICS), after, to, limit);
    }

    /// The pictures of a run by step.
    public static SortedMap<Long, Path> samples(Path path) {
        try {
            return PictureStore.list(path.resolve(RunFolder.SAMPLES));
        } catch (IOException e) {
            throw Failures.of(path.resolve(RunFolder.SAMPLES), "a folder that can be read", e);
        }
    }

    /// The journal of a run.
    public static List<Journal.Entry> journal(Path path) {
        return Journal.read(path.resolve(RunFolder.JOURNAL));
    }

    /// The journal of a run; none where there is no run, or none that can be read, or nothing is in it yet.
    public static Optional<List<Journal.Entry>> journalIfAny(Path path) {
        try {
            return Optional.of(journal(path)).filter(journal -> !journal.isEmpty());
        } catch (UserError unreadable) {
            return Optional.empty();
        }
    }

    /// Data as a run trains on them.
    ///
    /// @throws UserError if they are a stream whose log cannot be opened
    public static Dataset attached(Path path, Dataset data) {
        return data.streamed().map(form -> data.reading(StreamLog.read(path.resolve(RunFolder.STREAM), form.width()))).orElse(data);
    }
}
