package dev.vertigan.run;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One process a run: holds `run.lock`, with the process's id in it. The operating system frees it when the process dies,
/// however it dies, so a lock is never stale and the file is never deleted.
final class RunLock implements AutoCloseable {

    static final String NAME = "run.lock";

    // POSIX frees a process's locks on a file when it closes *any* descriptor of it. So within this process
    // a second attempt must be refused before it opens the file, or it would free the first one's lock.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    // Far behind the text, since a locked region cannot be read on Windows.
    private static final long POSITION = 1L << 30;

    private final Path folder; // real path
    private final FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// Takes the lock of a run's folder.
    ///
    /// @throws UserError if a process holds it, this one included, or the file cannot be locked
    static RunLock take(Path folder) {
        try {
            Path real = folder.toRealPath();
            if (!HELD.add(real)) {
                throw inUse(folder, Long.toString(ProcessHandle.current().pid()));
            }
            try {
                return new RunLock(real, lock(folder));
            } catch (IOException | RuntimeException e) {
                HELD.remove(real);
                throw e;
            }
        } catch (IOException e) {
            throw Failures.of(folder.resolve(NAME), "a file that can be locked", e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        var channel = Durable.DISK.openOrCreate(file);
        try {
            FileLock lock = channel.tryLock(POSITION, 1, false);
            if (lock == null) {
                throw inUse(folder, Files.readString(file).strip());
            }
            channel.truncate(0);
            Durable.writeFully(channel, ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (OverlappingFileLockException e) { // reached under two names, as through a bind mount
            channel.close();
            throw inUse(folder, Long.toString(ProcessHandle.current().pid()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static UserError inUse(Path folder, String pid) {
        return new UserError(String.format(Locale.ROOT,
                "%s: expected a run that no process uses, found it in use by process %s. Stop that one first, or look at its dashboard.", folder,
                pid.isEmpty() ? "(not known)" : pid));
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close(); // frees the lock
        } finally {
            HELD.remove(folder);
        }
    }
}
