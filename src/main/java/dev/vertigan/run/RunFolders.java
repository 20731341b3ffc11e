package dev.vertigan.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.stream.Stream;

/// Folders of runs that nobody holds: where a new one goes, and moving and removing one whole.
public final class RunFolders {

    private RunFolders() {}

    /// Where a run goes that was given no place: `<runs>/<date>-<data>`, with `-2`, `-3`, ... if that is taken.
    public static Path defaultPath(Path runs, LocalDate date, String data) {
        Path plain = runs.resolve(date + "-" + data);
        return Stream.concat(Stream.of(plain), Stream.iterate(2, n -> n + 1).map(n -> runs.resolve(plain.getFileName() + "-" + n)))
                .filter(path -> !Files.exists(path))
                .findFirst()
                .orElseThrow();
    }

    /// Removes a run's folder that nobody uses, whole or half made, with all that is in it.
    ///
    /// @throws dev.vertigan.config.UserError if a process uses it, or it cannot be removed
    public static void discard(Path path) {
        var lock = RunLock.take(path);
        try {
            deleteAll(path);
        } catch (IOException e) {
            RunFolder.close(lock, e);
            throw Failures.of(path, "a folder that can be removed", e);
        }
        try {
            lock.close();
        } catch (IOException e) {
            throw Failures.of(path, "a lock that can be released", e);
        }
    }

    /// Removes a folder with all that is in it, whoever uses it.
    public static void deleteAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Gives a run that nobody uses another place on the same disk.
    ///
    /// @throws dev.vertigan.config.UserError if a process uses it, or that cannot be done
    public static void rename(Path from, Path to) {
        try {
            RunLock.take(from).close(); // nobody does; and no system moves a folder with an open file
            Durable.DISK.rename(from, to);
        } catch (IOException e) {
            throw Failures.of(to, "a place for the run's folder", e);
        }
    }
}
