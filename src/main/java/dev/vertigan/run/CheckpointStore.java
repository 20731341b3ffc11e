package dev.vertigan.run;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checkpoints of a run: `step-000001000.safetensors`, each there whole or not at all.
///
/// One thread writes; any may ask for [#newestVerified]. Only who holds the run's lock may [#open] a store;
/// [#recover(Path)] only reads, and may be used on a run that another process is training.
public final class CheckpointStore {

    /// What the name of a file ends with, before its branch's number, that is of a branch which the run has left.
    static final String LEFT = ".left-";

    /// What the name of a file ends with that failed verification and was set aside, so that nothing is lost of it.
    static final String REJECTED = ".rejected";

    private static final String STEP = "step"; // metadata, so that a renamed file cannot pass for another step's
    private static final Pattern NAME = Pattern.compile("step-(\\d{9,18})\\.safetensors");
    private static final Pattern SET_ASIDE = Pattern.compile(NAME + Pattern.quote(REJECTED));
    private static final int ATTEMPTS = 10;

    /// A checkpoint on disk that was read back and is what was written.
    public record Verified(long step, Path file) {}

    /// A file that could not be used.
    public record Rejected(Path file, String reason) {}

    /// @param checkpoint the newest that verifies; empty if there are no files at all
    /// @param rejected newer files that do not verify, newest first: worth telling the user
    public record Recovery(Optional<Checkpoint> checkpoint, List<Rejected> rejected) {}

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private final Path folder;
    private final Durable disk;
    private final TreeSet<Long> verified = new TreeSet<>(); // the writer's: steps known to be good
    private volatile Optional<Verified> newestVerified = Optional.empty();

    private CheckpointStore(Path folder, Durable disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /// Opens the folder for writing, making it if need be and removing what a crash left half-written.
    ///
    /// @throws UserError if that cannot be done
    public static CheckpointStore open(Path folder) {
        return open(folder, Durable.DISK);
    }

    static CheckpointStore open(Path folder, Durable disk) {
        try {
            Files.createDirectories(folder);
            try (var files = Files.newDirectoryStream(folder, "*" + Durable.TEMPORARY)) {
                for (Path file : files) {
                    disk.delete(file);
                }
            }
            return new CheckpointStore(folder, disk);
        } catch (IOException e) {
            throw Failures.of(folder, "a folder to write checkpoints in", e);
        }
    }

    /// The newest checkpoint written or recovered through this store. Its file stays for at least one more [#write].
    public Optional<Verified> newestVerified() {
        return newestVerified;
    }

    /// As [#write(Checkpoint, Retention, Map)], of which no more than some of the newest stay.
    Verified write(Checkpoint checkpoint, int newest) {
        return write(checkpoint, Retention.ofNewest(newest), Map.of());
    }

    /// Writes, forces to disk and verifies a checkpoint, then removes what is not to be kept. Writing a step again replaces it, safely at any
    /// moment.
    ///
    /// @param marks what is worth keeping, by step
    /// @return once it would survive a power cut
    /// @throws UserError if it could not be written; older checkpoints are as they were
    /// @throws IllegalArgumentException if a newer one was verified: time runs forward
    public Verified write(Checkpoint checkpoint, Retention retention, Map<Long, Retention.Reason> marks) {
        if (!verified.isEmpty() && checkpoint.step() < verified.last()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "checkpoint: expected step ≥ %d, found %d", verified.last(), checkpoint.step()));
        }
        var metadata = new HashMap<>(checkpoint.metadata());
        if (metadata.put(STEP, Long.toString(checkpoint.step())) != null) {
            throw new IllegalArgumentException("metadata: expected any key but " + STEP + ", which the store sets");
        }
        Path file = file(checkpoint.step());
        Path temporary = Durable.temporary(file);
        try {
            setAsideAfter(checkpoint.step());
            Safetensors.write(disk, temporary, checkpoint.tensors(), metadata);
            Safetensors.verify(temporary); // before it takes its name: a bad file must never replace a good one of the same step
            disk.rename(temporary, file);
        } catch (IOException | CorruptCheckpoint e) {
            disk.deleteQuietly(temporary, e);
            throw new UserError(String.format(Locale.ROOT,
                    "checkpoint of step %d: could not be written to %s: %s. %s Make room there or mend it, then save again or resume.",
                    checkpoint.step(), folder, Failures.reason(e), standing()), e);
        }
        verified.add(checkpoint.step());
        var written = new Verified(checkpoint.step(), file);
        newestVerified = Optional.of(written);
        prune(retention, marks);
        return written;
    }

    private String standing() {
        return newestVerified.map(newest -> String.format(Locale.ROOT, "The last good checkpoint stands, at step %d.", newest.step()))
                .orElse("No older checkpoint was touched.");
    }

    /// Files newer than the one about to be written failed verification, or they would have been recovered. Were one to be
    /// readable after all, it would later pass for this run's future: so it loses its name first.
    private void setAsideAfter(long step) throws IOException {
        for (Path newer : files(folder).tailMap(step, false).values()) {
            disk.rename(newer, newer.resolveSibling(newer.getFileName() + REJECTED));
        }
    }

    /// Leaves what came after a step: the newest checkpoint of it and those somebody wants lose their names, the others are removed. Nothing
    /// is lost by a crash on the way: what is left of them is still of the branch that they are of.
    ///
    /// @param step of a checkpoint that verifies, and becomes [#newestVerified]
    /// @param branch that is left
    /// @throws UserError if a file cannot be renamed
    void leave(long step, int branch, Map<Long, Retention.Reason> marks) {
        try {
            var newer = files(folder).tailMap(step, false);
            for (var entry : newer.descendingMap().entrySet()) {
                Path file = entry.getValue();
                if (entry.getKey().equals(newer.lastKey()) || marks.get(entry.getKey()) == Retention.Reason.BOOKMARK) {
                    disk.rename(file, file.resolveSibling(file.getFileName() + LEFT + branch));
                } else {
                    disk.delete(file);
                }
            }
        } catch (IOException e) {
            throw Failures.of(folder, "checkpoints that can be set aside", e);
        }
        verified.tailSet(step, false).clear();
        verified.add(step);
        newestVerified = Optional.of(new Verified(step, file(step)));
    }

    /// Removes what is not to be kept. With fewer than two files known to be good nothing is removed.
    /// That an old file cannot be removed is no reason to fail: the next write tries again.
    private void prune(Retention retention, Map<Long, Retention.Reason> marks) {
        if (verified.size() < 2) {
            return;
        }
        long secondNewest = verified.lower(verified.last());
        try {
            var files = files(folder);
            var bytes = new TreeMap<Long, Long>();
            for (var entry : files.entrySet()) {
                bytes.put(entry.getKey(), Files.size(entry.getValue()));
            }
            for (long step : retention.surplus(bytes, marks)) {
                if (step < secondNewest) {
                    disk.delete(Objects.requireNonNull(files.get(step)));
                    verified.remove(step);
                }
            }
        } catch (IOException e) {
            LOG.warn("{}: old checkpoints stay: {}", folder, Failures.reason(e));
        }
    }

    /// As [#recover(Path)], for a run that goes on: the checkpoint found becomes [#newestVerified]. The writer's to call.
    public Recovery recover() {
        Recovery recovery = recover(folder);
        recovery.checkpoint().ifPresent(checkpoint -> {
            verified.tailSet(checkpoint.step(), false).clear(); // good when written, bad now
            verified.add(checkpoint.step());
            newestVerified = Optional.of(new Verified(checkpoint.step(), file(checkpoint.step())));
        });
        return recovery;
    }

    /// The newest checkpoint of a folder that verifies. Changes nothing on disk.
    ///
    /// @throws UserError if there are checkpoints but none is good, or they cannot be read
    public static Recovery recover(Path folder) {
        var recovery = newest(folder, Long.MAX_VALUE);
        if (recovery.checkpoint().isEmpty() && !(recovery.rejected().isEmpty() && setAside(folder).isEmpty())) {
            throw new UserError(String.format(Locale.ROOT,
                    "%s: expected a checkpoint that verifies, found none:%n%s%nStarting over would lose the run, so it is refused. ", folder,
                    recovery.rejected().stream().map(r -> "  " + r.reason()).collect(Collectors.joining(System.lineSeparator())))
                    + "Bring back a good copy of one of these files, or begin a new run in another folder.");
        }
        return recovery;
    }

    private static NavigableMap<Long, Path> setAside(Path folder) {
        try {
            return StepFiles.list(folder, SET_ASIDE);
        } catch (IOException e) {
            throw Failures.of(folder, "a readable folder of checkpoints", e);
        }
    }

    /// The newest checkpoint of a folder that verifies and is of a step or one before it. Changes nothing on disk.
    ///
    /// @throws UserError if they cannot be read
    static Recovery newest(Path folder, long step) {
        try {
            for (int attempt = 1;; attempt++) {
                try {
                    return newestFrom(folder, step);
                } catch (NoSuchFileException e) { // a running trainer removed the file since it was listed: newer ones are there now
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw Failures.of(folder, "a readable folder of checkpoints", e);
        }
    }

    /// The checkpoint of one step, which another process may be about to remove.
    ///
    /// @throws UserError if there is none, or it is damaged; names those there are
    public static Checkpoint at(Path folder, long step) {
        try {
            var files = files(folder);
            var file = files.get(step);
            if (file == null) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected a checkpoint of step %d, found those of %s", folder, step,
                        files.isEmpty() ? "none" : files.keySet().stream().map(Object::toString).collect(Collectors.joining(", "))));
            }
            return read(file, step);
        } catch (CorruptCheckpoint | NonFiniteValue e) {
            throw new UserError(String.format(Locale.ROOT, "checkpoint of step %d is damaged: %s", step, Failures.reason(e)), e);
        } catch (IOException e) {
            throw Failures.of(folder, "a readable folder of checkpoints", e);
        }
    }

    private static Recovery newestFrom(Path folder, long step) throws IOException {
        var rejected = new ArrayList<Rejected>();
        for (var entry : files(folder).headMap(step, true).descendingMap().entrySet()) {
            try {
                return new Recovery(Optional.of(read(entry.getValue(), entry.getKey())), rejected);
            } catch (NoSuchFileException e) {
                throw e;
            } catch (IOException | CorruptCheckpoint | NonFiniteValue e) {
                rejected.add(new Rejected(entry.getValue(), Failures.reason(e)));
            }
        }
        return new Recovery(Optional.empty(), rejected);
    }

    /// The steps of which a folder has a checkpoint, good or not.
    static SortedSet<Long> steps(Path folder) {
        return byStep(folder).navigableKeySet();
    }

    /// The same, each with its file.
    static NavigableMap<Long, Path> byStep(Path folder) {
        try {
            return files(folder);
        } catch (IOException e) {
            throw Failures.of(folder, "a readable folder of checkpoints", e);
        }
    }

    /// Writes a checkpoint to a file of its own, as one in a run's folder would be.
    ///
    /// @throws UserError if it cannot be written
    public static void export(Checkpoint checkpoint, Path file) {
        var metadata = new HashMap<>(checkpoint.metadata());
        metadata.put(STEP, Long.toString(checkpoint.step()));
        try {
            Durable.DISK.deleteIfExists(Durable.temporary(file));
            Safetensors.write(Durable.temporary(file), checkpoint.tensors(), metadata);
            Durable.DISK.rename(Durable.temporary(file), file);
        } catch (IOException e) {
            Durable.DISK.deleteQuietly(Durable.temporary(file), e);
            throw Failures.of(file, "a file that can be written", e);
        }
    }

    private static Checkpoint read(Path file, long step) throws IOException, CorruptCheckpoint {
        var content = Safetensors.read(file);
        Map<String, String> metadata = content.metadata();
        String found = String.valueOf(metadata.remove(STEP));
        SafetensorsHeader.expect(Long.toString(step).equals(found), file, "metadata step " + step, found);
        return new Checkpoint(step, content.tensors(), metadata);
    }

    private static NavigableMap<Long, Path> files(Path folder) throws IOException {
        return StepFiles.list(folder, NAME);
    }

    private Path file(long step) {
        return folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", step));
    }
}
