package dev.vertigan.cli;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Data of one's own that were sent to begin runs with, in `.data` beside the runs: a folder for each set. A set goes with the last run that
/// names it; one that no run was begun with goes after a day.
///
/// @param folder of all sets
record SentData(Path folder) {

    static SentData besideRuns(Path runs) {
        return new SentData(runs.resolve(".data").toAbsolutePath().normalize());
    }

    /// A set's folder where a run learns a folder of images, else the one file in it.
    ///
    /// @throws UserError if there is no such set
    Path of(String set) {
        var path = folder.resolve(set);
        if (!folder.equals(path.normalize().getParent()) || !Files.isDirectory(path)) {
            throw new UserError(set + ": expected data that were sent to this trainer, found none of that name");
        }
        try (var files = Files.list(path)) {
            var all = files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
            boolean single = all.size() == 1 && all.getFirst().toString().matches(".*[.](npy|npz|csv|zip)|.*/drawing[.]png");
            return single ? all.getFirst() : path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The set that a run learns, if it is one of these.
    ///
    /// @throws UserError if the run's configuration cannot be read
    Optional<Path> learnedBy(Path run) {
        var dir = RunConfig.fromJson(RunReader.config(run), run.toString()).data().dir();
        var data = Path.of(dir).toAbsolutePath().normalize();
        return !dir.isEmpty() && data.startsWith(folder) && !data.equals(folder) ? Optional.of(folder.resolve(folder.relativize(data).getName(0)))
                : Optional.empty();
    }

    /// Removes a set unless a run names it, or may: one whose configuration cannot be read.
    ///
    /// @param runs all there are
    void release(Path set, List<Path> runs) {
        if (runs.stream().noneMatch(run -> mayLearn(run, set))) {
            discard(set);
        }
    }

    private boolean mayLearn(Path run, Path set) {
        try {
            return learnedBy(run).equals(Optional.of(set));
        } catch (UserError unreadable) {
            return true;
        }
    }

    /// Removes sets that no run was begun with, of which nothing came for a day.
    ///
    /// @param runs all there are
    void sweep(List<Path> runs) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        var yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
        try (var sets = Files.list(folder)) {
            for (var set : sets.filter(Files::isDirectory).toList()) {
                if (Files.getLastModifiedTime(set).toInstant().isBefore(yesterday)) {
                    release(set, runs);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void discard(Path set) {
        try {
            RunFolders.deleteAll(set);
        } catch (IOException e) {
            throw new UserError(set + ": expected a folder that can be removed, found " + e.getMessage(), e);
        }
    }
}
