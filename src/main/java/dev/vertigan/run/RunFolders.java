package dev.vertigan.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
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

    /// What a run is called: its folder, however that is written, as in `.`.
    public static String name(Path run) {
        Path whole = run.toAbsolutePath().normalize();
        return String.valueOf(whole.getNameCount() == 0 ? whole : whole.getFileName());
    }

    /// What several runs are called beside each other: their names, or if two have the same, all their paths as they are given.
    public static List<String> names(List<Path> runs) {
        var names = runs.stream().map(RunFolders::name).toList();
        return names.stream().distinct().count() == names.size() ? names : runs.stream().map(Path::toString).toList();
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
