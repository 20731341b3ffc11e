package dev.vertigan.run;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Files named after the step they belong to.
final class StepFiles {

    private StepFiles() {}

    /// Those of a folder, by step; none if there is no such folder.
    ///
    /// @param name its first group is the step
    static NavigableMap<Long, Path> list(Path folder, Pattern name) throws IOException {
        var files = new TreeMap<Long, Path>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                var matcher = name.matcher(entry.getFileName().toString());
                if (matcher.matches()) {
                    files.put(Long.valueOf(matcher.group(1)), entry);
                }
            }
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }
}
