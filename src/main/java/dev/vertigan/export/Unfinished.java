package dev.vertigan.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file being written: `name.part` until it is finished.
final class Unfinished implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final Path part;
    private final OutputStream stream;

    /// @throws IOException if it cannot be written
    Unfinished(Path file) throws IOException {
        this.file = file;
        part = file.resolveSibling(file.getFileName() + ".part");
        stream = new BufferedOutputStream(Files.newOutputStream(part), BUFFER);
    }

    OutputStream stream() {
        return stream;
    }

    void finish() throws IOException {
        stream.close();
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        stream.close();
        Files.deleteIfExists(part);
    }
}
