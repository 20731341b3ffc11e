package dev.vertigan.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// The few file operations that survive a crash: a file is there whole, or not at all.
///
/// A crash falls between two of the abstract ones, or within one; a test can let it.
interface Durable {

    /// The disk that is there.
    @SuppressWarnings("ClassInitializationDeadlock") // nobody names the disk before this interface
    Durable DISK = new Disk();

    /// Ends the name of every file that is still being written. One found when nobody writes was left by a crash.
    String TEMPORARY = ".tmp";

    /// Opens a file; only a regular one, since reading from a pipe may never end.
    FileChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException;

    /// Atomically, over what `to` was.
    void move(Path from, Path to) throws IOException;

    /// @throws NoSuchFileException if there is no such file
    void delete(Path file) throws IOException;

    /// Makes the folder's entries (files created, renamed, deleted) survive a power cut.
    void forceFolder(Path folder) throws IOException;

    /// Opens a file to read it and write anywhere in it, made if need be.
    ///
    /// @param attributes of a file that is made
    default FileChannel openOrCreate(Path file, FileAttribute<?>... attributes) throws IOException {
        return open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), attributes);
    }

    default FileChannel createNew(Path file, FileAttribute<?>... attributes) throws IOException {
        return open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
    }

    /// Replaces `file` by `content`: after this returns it holds the new content whatever happens, and until then the old.
    default void write(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path temporary = temporary(file);
        try {
            deleteIfExists(temporary);
            try (var channel = createNew(temporary, attributes)) {
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
    default void rename(Path from, Path to) throws IOException {
        move(from, to);
        forceFolder(Objects.requireNonNull(to.toAbsolutePath().getParent()));
    }

    /// Deletes a file on the way out of a failure, which stays the failure to report.
    default void deleteQuietly(Path file, Exception failure) {
        try {
            deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    default void deleteIfExists(Path file) throws IOException {
        try {
            delete(file);
        } catch (NoSuchFileException e) {
            // it is as it should be
        }
    }

    /// What `file` is called until it is whole. In the same folder, so that renaming it is atomic.
    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + TEMPORARY);
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Adds to a log. If that fails, what came of it is cut off; if that fails too, the next addition goes over it.
    ///
    /// @param end of the log, where its file may go on with what was never whole
    /// @param forced whether it is on disk when this returns
    static void append(FileChannel channel, long end, ByteBuffer bytes, boolean forced) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, end + bytes.position());
            }
            if (forced) {
                channel.force(true);
            }
        } catch (IOException e) {
            try {
                channel.truncate(end);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /// Cuts off what a crash left behind the end of a log; on disk when this returns.
    static void cut(FileChannel channel, long end) throws IOException {
        channel.truncate(end);
        channel.force(true);
    }

    /// What lets nobody but its owner read a file, where files have permissions.
    static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    /// @throws FileSystemException if there is something, and it is not a file
    static void requireFile(Path file) throws FileSystemException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, Files.isDirectory(file) ? "a folder, not a file" : "not a regular file");
        }
    }
}
