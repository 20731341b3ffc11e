package dev.vertigan.run;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The few file operations that survive a crash: a file is there whole, or not at all.
final class Durable {

    /// Ends the name of every file that is still being written. One found when nobody writes was left by a crash.
    static final String TEMPORARY = ".tmp";

    private Durable() {}

    /// What `file` is called until it is whole. In the same folder, so that renaming it is atomic.
    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + TEMPORARY);
    }

    /// Replaces `file` by `content`: after this returns it holds the new content whatever happens, and until then the old.
    static void write(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(content));
                channel.force(true);
            }
            rename(temporary, file);
        } catch (IOException e) {
            deleteQuietly(temporary, e);
            throw e;
        }
    }

    /// Atomically, over what `to` was; forced.
    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        forceFolder(to.toAbsolutePath().getParent());
    }

    /// Makes the folder's entries (files created, renamed, deleted) survive a power cut.
    static void forceFolder(Path folder) throws IOException {
        if (File.separatorChar == '\\') {
            return; // Windows cannot open a folder, and journals its entries itself
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Deletes a file on the way out of a failure, which stays the failure to report.
    static void deleteQuietly(Path file, Exception failure) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
