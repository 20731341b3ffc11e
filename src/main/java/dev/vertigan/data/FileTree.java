package dev.vertigan.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files in a folder, or in a .zip archive of one.
interface FileTree {

    /// One of the files.
    interface Content {

        /// Bytes, as far as is known before it is read.
        long size();

        InputStream open() throws IOException;
    }

    /// By their names in it, with slashes, in the order of these names whatever the file system's or the archive's.
    SortedMap<String, Content> files();

    /// Follows links.
    ///
    /// @throws java.io.UncheckedIOException if a folder cannot be read
    static FileTree ofFolder(Path folder) throws IOException {
        var files = new TreeMap<String, Content>();
        try (var all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(folder.relativize(file).toString().replace(folder.getFileSystem().getSeparator(), "/"), new Stored(file));
            }
        }
        return () -> files;
    }

    /// A file on disk.
    record Stored(Path file) implements Content {

        @Override
        public long size() {
            return file.toFile().length();
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }
}
