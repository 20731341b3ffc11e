package dev.vertigan.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import dev.vertigan.values.Scene;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run's folder, held by one process while open. [RunReader] looks at it without holding it, [RunFolders] moves and removes what nobody holds.
///
///     config.json      what the run is; written last when it is made, so a folder without it was never a run
///     run.lock         see RunLock
///     journal.jsonl    see Journal
///     metrics.jsonl    see MetricLog
///     samples/         pictures of the fixed latents, one a tick
///     checkpoints/     see CheckpointStore
///     stream/          rows of a run whose data are a stream, see StreamLog
public final class RunFolder implements AutoCloseable {

    static final String CONFIG = "config.json";
    static final String JOURNAL = "journal.jsonl";
    static final String METRICS = "metrics.jsonl";
    static final String SAMPLES = "samples";
    static final String CHECKPOINTS = "checkpoints";
    static final String STREAM = "stream";

    // What a crash while making a folder can have left of it: nothing yet that could be lost.
    private static final Set<String> BEGUN = Set.of(CONFIG + Durable.TEMPORARY, RunLock.NAME, SAMPLES, CHECKPOINTS);

    private static final Set<Journal.Kind> BEFORE_CHECKPOINTS = EnumSet.of(Journal.Kind.ORIGIN, Journal.Kind.START, Journal.Kind.FAILURE,
            Journal.Kind.DATA);

    private static final int LISTED = 5; // names in a message
    private static final long SPARE_BYTES = 4 << 20; // free on the disk beside a checkpoint, for the journal and what else there is

    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);

    private final Path path;
    private final String configJson;
    private final RunLock lock;
    private final Journal journal;
    private final MetricLog metrics;
    private final PictureStore pictures;
    private final PictureStore scenes;
    private final CheckpointStore checkpoints;
    private Optional<StreamLog> stream = Optional.empty();
    private boolean made; // by this process
    private boolean checkpointed; // a checkpoint was once on disk; the writer's

    private RunFolder(Path path, String configJson, RunLock lock, Journal journal, MetricLog metrics, PictureStore pictures,
            PictureStore scenes, CheckpointStore checkpoints) {
        this.path = path;
        this.configJson = configJson;
        this.lock = lock;
        this.journal = journal;
        this.metrics = metrics;
        this.pictures = pictures;
        this.scenes = scenes;
        this.checkpoints = checkpoints;
    }

    /// Makes a run's folder; finishes one whose making was cut short.
    ///
    /// @throws UserError if something is there already, or it cannot be made
    public static RunFolder create(Path path, String configJson) {
        try {
            Files.createDirectories(path);
            requireUnused(path);
        } catch (IOException e) {
            throw Failures.of(path, "a place for the run's folder", e);
        }
        RunLock lock = RunLock.take(path);
        try {
            requireUnused(path); // again, for another process may have been quicker
            Files.createDirectories(path.resolve(CHECKPOINTS));
            Files.createDirectories(path.resolve(SAMPLES));
            Durable.DISK.write(path.resolve(CONFIG), configJson.getBytes(StandardCharsets.UTF_8), Durable.ownerOnly(path));
            Durable.DISK.forceFolder(Objects.requireNonNull(path.toAbsolutePath().getParent()));
        } catch (IOException e) {
            close(lock, e);
            throw Failures.of(path, "a folder to make a run in", e);
        } catch (UserError e) {
            close(lock, e);
            throw e;
        }
        var folder = load(path, configJson, lock);
        folder.made = true;
        return folder;
    }

    private static void requireUnused(Path path) throws IOException {
        try (var entries = Files.list(path)) {
            List<String> found = entries.map(entry -> entry.getFileName().toString()).sorted().toList();
            if (found.contains(CONFIG)) {
                throw new UserError(String.format(Locale.ROOT,
                        "%s: expected a new or empty folder, found a run. Go on with it by `vertigan resume %s`, or choose another folder.", path,
                        path));
            }
            if (!BEGUN.containsAll(found) || holdsFiles(path.resolve(SAMPLES)) || holdsFiles(path.resolve(CHECKPOINTS))) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected a new or empty folder, found %s in it. Choose another folder.", path,
                        listed(found)));
            }
        }
    }

    private static String listed(List<String> names) {
        return names.size() <= LISTED ? String.join(", ", names)
                : String.format(Locale.ROOT, "%s and %d more", String.join(", ", names.subList(0, LISTED)), names.size() - LISTED);
    }

    private static boolean holdsFiles(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return false;
        }
        try (var entries = Files.list(folder)) {
            return entries.findAny().isPresent();
        }
    }

    /// Opens a run's folder to go on with it.
    ///
    /// @throws UserError if there is no run, another process uses it, or something in it is damaged beyond recovery
    public static RunFolder open(Path path) {
        String configJson = RunReader.config(path);
        return load(path, configJson, RunLock.take(path));
    }

    private static RunFolder load(Path path, String configJson, RunLock lock) {
        Journal journal = null;
        try {
            Files.createDirectories(path.resolve(SAMPLES));
            var checkpoints = CheckpointStore.open(path.resolve(CHECKPOINTS));
            journal = Journal.open(path.resolve(JOURNAL));
            var pictures = PictureStore.open(path.resolve(SAMPLES));
            return new RunFolder(path, configJson, lock, journal, MetricLog.open(path.resolve(METRICS)), pictures,
                    PictureStore.ofScenes(path.resolve(SAMPLES)), checkpoints);
        } catch (IOException | UserError e) {
            if (journal != null) {
                journal.close();
            }
            close(lock, e);
            throw e instanceof IOException io ? Failures.of(path, "a run's folder that can be written", io) : (UserError) e;
        }
    }

    static void close(RunLock lock, Exception failure) {
        try {
            lock.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    public Path path() {
        return path;
    }

    /// The text of `config.json`.
    public String configJson() {
        return configJson;
    }

    public Journal journal() {
        return journal;
    }

    public MetricLog metrics() {
        return metrics;
    }

    public CheckpointStore checkpoints() {
        return checkpoints;
    }

    /// Data as this run trains on them: a stream is read from what came to this folder, to which more may be appended.
    ///
    /// @throws UserError if the stream's log cannot be opened
    public Dataset attached(Dataset data) {
        data.streamed().ifPresent(form -> stream = stream.or(() -> Optional.of(StreamLog.open(path.resolve(STREAM), form.width()))));
        return stream.map(data::reading).orElse(data);
    }

    /// Where the rows of a stream go, once data are attached.
    public Optional<StreamLog> stream() {
        return stream;
    }

    /// Gives this run, which has none yet, all rows of another's stream, if that has one.
    ///
    /// @throws UserError if they cannot be copied
    public void copyStream(Path from) {
        try {
            StreamLog.copy(from.resolve(STREAM), path.resolve(STREAM));
        } catch (IOException e) {
            throw Failures.of(path.resolve(STREAM), "room for a copy of a stream", e);
        }
    }

    /// What to go on from: as [CheckpointStore#recover], and only if the journal is as long as it was then.
    /// Empty if the run was stopped before its first checkpoint, to be started again.
    ///
    /// @throws UserError if going on would lose or change the run: no checkpoint is good, all were removed, or journal entries are missing
    public CheckpointStore.Recovery recover() {
        var recovery = checkpoints.recover();
        recovery.checkpoint().ifPresent(checkpoint -> {
            int expected = Integer.parseInt(checkpoint.metadata().getOrDefault(Checkpoint.JOURNAL_POSITION, "0"));
            if (journal.position() < expected) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected at least the %d entries it had at the checkpoint of step %d, found %d. ",
                        path.resolve(JOURNAL), expected, checkpoint.step(), journal.position())
                        + "Edits may be missing. Bring back a good copy.");
            }
        });
        checkpointed = recovery.checkpoint().isPresent();
        if (!checkpointed && everCheckpointed()) {
            throw new UserError(path.resolve(CHECKPOINTS) + ": expected the checkpoints of a run that had made turns, found none. "
                    + "Starting over would lose the run, so it is refused. Bring them back, or begin another run with the same settings by "
                    + "`train --config " + path.resolve(CONFIG) + "`.");
        }
        return recovery;
    }

    /// A run journals its first checkpoint, and reports only after it; earlier versions did not journal it. What stands at step 0 without
    /// one, its ORIGIN, a START and perhaps a FAILURE to write it, is all made again by starting over.
    private boolean everCheckpointed() {
        return metrics.newest().isPresent() || journal.entries().stream().anyMatch(entry -> !BEFORE_CHECKPOINTS.contains(entry.kind()));
    }

    /// Writes a checkpoint, see [CheckpointStore#write], and journals a run's first. Where the disk has no room, pictures are given up for it.
    public void save(Checkpoint checkpoint, Retention retention) {
        makeRoom(checkpoint.bytes() + SPARE_BYTES, () -> Files.getFileStore(path).getUsableSpace());
        checkpoints.write(checkpoint, retention, journal.marks());
        if (!checkpointed) {
            journal.append(checkpoint.step(), Journal.Kind.CHECKPOINT);
            checkpointed = true;
        }
    }

    /// How many bytes there are.
    interface Space {

        long free() throws IOException;
    }

    void makeRoom(long bytes, Space space) {
        try {
            while (space.free() < bytes && (scenes.giveUpHalf() || pictures.giveUpHalf())) {
                LOG.warn("{}: the disk is full: half of the scenes or pictures were given up to save a checkpoint", path);
            }
        } catch (IOException e) {
            LOG.warn("{}: free space is not known: {}", path, Failures.reason(e)); // then the write tells
        }
    }

    /// Goes back to the newest checkpoint of a step or one before it, and begins a branch there. A crash on the way leaves the run at that
    /// checkpoint, in the one branch or the other.
    ///
    /// @param branch its number
    /// @param details to journal
    /// @throws UserError if there is no such checkpoint; nothing is changed then
    public Checkpoint branch(long step, int branch, ObjectNode details) {
        var checkpoint = CheckpointStore.newest(path.resolve(CHECKPOINTS), step).checkpoint().orElseThrow(() -> new UserError(
                String.format(Locale.ROOT, "%s: expected a checkpoint of step %d or one before it, to go back to, found none that verifies", path,
                        step)));
        checkpoints.leave(checkpoint.step(), branch - 1, journal.marks());
        journal.append(checkpoint.step(), Journal.Kind.ROLLBACK, details.put(Checkpoint.BRANCH, branch));
        rewindTo(checkpoint.step());
        return checkpoint;
    }

    /// Keeps a report, once there is a checkpoint that makes it true: a run without one starts over.
    public void report(Report report) {
        if (checkpointed) {
            metrics.append(report);
        }
    }

    /// Takes back what was reported and drawn after `step`, for a run that goes on from there. The journal stays: it is to be replayed.
    ///
    /// @return how many turns that takes back at least, as far as reports and pictures tell
    public long rewindTo(long step) {
        long reported = metrics.newest().map(Report::step).orElse(step);
        metrics.rewindTo(step);
        try {
            scenes.rewindTo(step);
            long drawn = pictures.rewindTo(step).orElse(step);
            return Math.max(0, Math.max(reported, drawn) - Math.max(0, step));
        } catch (IOException e) {
            throw Failures.of(path.resolve(SAMPLES), "pictures that can be removed", e);
        }
    }

    /// Closes the folder of a run that did not start. If it was made for it, it is removed, so that another attempt may have its name.
    public void abandon() {
        metrics.close();
        journal.close();
        try {
            if (made && !checkpointed) {
                for (var folder : List.of(path.resolve(SAMPLES), path.resolve(CHECKPOINTS))) {
                    try (var files = Files.newDirectoryStream(folder)) {
                        for (Path file : files) {
                            Files.delete(file);
                        }
                    }
                    Files.delete(folder);
                }
                if (Files.exists(path.resolve(STREAM))) {
                    StreamLog.delete(path.resolve(STREAM));
                }
                for (var file : List.of(METRICS, JOURNAL, CONFIG, RunLock.NAME)) { // without a configuration it is no run any more
                    Files.delete(path.resolve(file));
                }
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.warn("{}: the folder of the run that did not start stays: {}", path, Failures.reason(e));
        }
        close();
    }

    /// Keeps a picture, and of all no more than a budget allows.
    ///
    /// @param budget bytes
    /// @throws UserError if it cannot be written
    public Path saveSample(Picture picture, long budget) {
        try {
            return pictures.save(picture, budget);
        } catch (IOException e) {
            throw Failures.of(path.resolve(SAMPLES), "room for a picture", e);
        }
    }

    /// Keeps the scene of the duel that belongs to a picture, and of all no more than a budget allows. That of a step without a picture is
    /// not kept, as nobody would find it.
    ///
    /// @param budget bytes
    /// @throws UserError if it cannot be written
    public void saveScene(Scene scene, long budget) {
        try {
            if (pictures.steps().contains(scene.step())) {
                scenes.save(scene, budget);
            }
        } catch (IOException e) {
            throw Failures.of(path.resolve(SAMPLES), "room for a scene", e);
        }
    }

    /// The scenes that are kept, by step.
    public SortedMap<Long, Path> staged() {
        return scenes.files();
    }

    /// The generated pictures that are kept, by step, for a time slider.
    public SortedMap<Long, Path> sampled() {
        return pictures.files();
    }

    @Override
    public void close() {
        stream.ifPresent(StreamLog::close);
        metrics.close();
        journal.close();
        try {
            lock.close();
        } catch (IOException e) {
            throw Failures.of(path, "a lock that can be released", e);
        }
    }
}
