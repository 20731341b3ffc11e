package dev.vertigan.run;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;

/// `stream/`: the rows of a stream as they came, and how many there were when each epoch began, in two files of records of one size, so that
/// any is found by its number.
///
/// `rows.bin` has each row and a CRC-32C of its number and content; `epochs.bin` each epoch's count of rows and a CRC likewise. Both are on disk
/// before anyone relies on them, so a crash tears only what was never acknowledged: [#open] cuts that off. One process appends; others may
/// read meanwhile. Thread-safe.
public final class StreamLog implements Rows, AutoCloseable {

    private static final int CRC = Integer.BYTES;
    private static final int EPOCH = Long.BYTES + CRC;
    private static final int AT_ONCE = 1 << 20; // bytes, checked at the start

    private final Path folder;
    private final FileChannel rows;
    private final FileChannel epochs;
    private final int record; // bytes of a row with its CRC
    private final boolean appends;
    private long size; // rows, as far as this one knows
    private long begun; // epochs, likewise
    private long torn; // rows cut off
    private MemorySegment mapped = MemorySegment.NULL; // rows, as far as they were there when it was made

    private StreamLog(Path folder, FileChannel rows, FileChannel epochs, int width, boolean appends) {
        this.folder = folder;
        this.rows = rows;
        this.epochs = epochs;
        this.record = width + CRC;
        this.appends = appends;
    }

    /// Opens a log to append to, made if need be.
    ///
    /// @param width bytes of a row
    /// @throws UserError if it cannot be, or rows that an epoch had are missing or damaged
    static StreamLog open(Path folder, int width) {
        return open(folder, width, Durable.DISK);
    }

    static StreamLog open(Path folder, int width, Durable disk) {
        try {
            Files.createDirectories(folder);
            disk.forceFolder(Objects.requireNonNull(folder.toAbsolutePath().getParent()));
            var log = new StreamLog(folder, disk.openOrCreate(folder.resolve("rows.bin"), Durable.ownerOnly(folder)),
                    disk.openOrCreate(folder.resolve("epochs.bin"), Durable.ownerOnly(folder)), width, true);
            disk.forceFolder(folder);
            try {
                log.recover();
            } catch (IOException | UserError e) {
                log.close();
                throw e;
            }
            return log;
        } catch (IOException e) {
            throw Failures.of(folder, "a stream's rows that can be read and written", e);
        }
    }

    /// Opens a log, to which another process may be appending, to read it.
    ///
    /// @throws UserError if it cannot be
    static StreamLog read(Path folder, int width) {
        try {
            return new StreamLog(folder, Durable.DISK.open(folder.resolve("rows.bin"), Set.of(StandardOpenOption.READ)),
                    Durable.DISK.open(folder.resolve("epochs.bin"), Set.of(StandardOpenOption.READ)), width, false);
        } catch (IOException e) {
            throw Failures.of(folder, "a stream's rows that can be read", e);
        }
    }

    /// Copies a run's stream, as it is now, for a fork; if it has one.
    static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.createDirectory(to);
        for (String name : List.of("epochs.bin", "rows.bin")) { // epochs first: rows that they had are there by then
            Files.copy(from.resolve(name), to.resolve(name));
            try (var channel = FileChannel.open(to.resolve(name), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        Durable.DISK.forceFolder(to);
    }

    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("rows.bin"));
        Files.deleteIfExists(folder.resolve("epochs.bin"));
        Files.delete(folder);
    }

    private void recover() throws IOException {
        begun = epochs.size() / EPOCH;
        if (begun > 0 && count(begun - 1).isEmpty()) { // the last one only: those before were forced before it was written
            begun--;
        }
        Durable.cut(epochs, begun * EPOCH);
        long needed = begun == 0 ? 0 : count(begun - 1).orElseThrow(() -> damaged("epochs.bin", begun - 1));
        long there = rows.size() / record;
        if (there < needed) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected the %,d rows that the run has trained on, found %,d. Bring back a good copy.",
                            folder.resolve("rows.bin"), needed, there));
        }
        size = whole(needed, there);
        torn = (rows.size() + record - 1) / record - size;
        Durable.cut(rows, size * record);
    }

    /// How many rows are good from the first on.
    private long whole(long from, long to) throws IOException {
        var buffer = ByteBuffer.allocate(Math.max(1, AT_ONCE / record) * record);
        for (long first = from; first < to;) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), (to - first) * record));
            read(rows, buffer, first * record);
            for (; buffer.hasRemaining(); first++) {
                byte[] row = new byte[record - CRC];
                buffer.get(row);
                if (buffer.getInt() != crc(first, row)) {
                    return first;
                }
            }
        }
        return to;
    }

    private static void read(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        int start = buffer.position();
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position() - start) >= 0) {
            // on to the end of either
        }
        if (buffer.hasRemaining()) {
            throw new IOException("cut short");
        }
        buffer.flip();
    }

    private static int crc(long number, byte[] content) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
        crc.update(content);
        return (int) crc.getValue();
    }

    private UserError damaged(String file, long number) {
        return new UserError(String.format(Locale.ROOT, "%s: expected record %,d as it was written, found it damaged. Bring back a good copy.",
                folder.resolve(file), number));
    }

    /// Rows that a crash had cut short, and [#open] dropped.
    public synchronized long torn() {
        return torn;
    }

    /// Appends rows; they are on disk when this returns.
    ///
    /// @throws UserError if they could not be written; the log is as before then
    public synchronized void append(List<byte[]> more) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(more.size(), record));
        for (int i = 0; i < more.size(); i++) {
            bytes.put(more.get(i)).putInt(crc(size + i, more.get(i)));
        }
        write(rows, "rows.bin", size * record, bytes.flip());
        size += more.size();
    }

    private void write(FileChannel channel, String file, long at, ByteBuffer bytes) {
        try {
            Durable.append(channel, at, bytes, true);
        } catch (IOException e) {
            throw Failures.of(folder.resolve(file), "room for what came", e);
        }
    }

    /// Rows that no epoch has yet.
    public synchronized long waiting() {
        return size - (begun == 0 ? 0 : at(begun - 1).orElse(0));
    }

    @Override
    public synchronized long size() {
        if (!appends) {
            try {
                size = rows.size() / record;
            } catch (IOException e) {
                throw Failures.of(folder, "a stream's rows that can be read", e);
            }
        }
        return size;
    }

    @Override
    public void read(long row, byte[] into) {
        var content = content(row);
        MemorySegment.copy(content, ValueLayout.JAVA_BYTE, row * record, into, 0, into.length);
        int crc = content.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), row * record + into.length);
        if (crc != crc(row, into)) {
            throw damaged("rows.bin", row);
        }
    }

    private synchronized MemorySegment content(long row) {
        if ((row + 1) * record > mapped.byteSize()) {
            Objects.checkIndex(row, size());
            try {
                mapped = rows.map(FileChannel.MapMode.READ_ONLY, 0, size * record, Arena.ofAuto());
            } catch (IOException e) {
                throw Failures.of(folder, "a stream's rows that can be read", e);
            }
        }
        return mapped;
    }

    @Override
    public synchronized OptionalLong at(long epoch) {
        try {
            return epoch >= epochs.size() / EPOCH || appends && epoch >= begun ? OptionalLong.empty()
                    : OptionalLong.of(count(epoch).orElseThrow(() -> damaged("epochs.bin", epoch)));
        } catch (IOException e) {
            throw Failures.of(folder, "a stream's epochs that can be read", e);
        }
    }

    private OptionalLong count(long epoch) throws IOException {
        var buffer = ByteBuffer.allocate(EPOCH);
        read(epochs, buffer, epoch * EPOCH);
        long count = buffer.getLong();
        return buffer.getInt() == crc(epoch, longBytes(count)) ? OptionalLong.of(count) : OptionalLong.empty();
    }

    private static byte[] longBytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    @Override
    public synchronized long begin(long epoch) {
        var known = at(epoch);
        if (known.isPresent()) {
            return known.getAsLong();
        }
        if (!appends || epoch > begun) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected how many rows epoch %,d of the run had, found those of %,d epochs: %s",
                    folder.resolve("epochs.bin"), epoch, begun(), appends ? "bring back a good copy" : "the run has not got there"));
        }
        if (size == 0) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected rows to train on, found none yet. Push some, or put files into data.dir.",
                    folder));
        }
        write(epochs, "epochs.bin", epoch * EPOCH, ByteBuffer.allocate(EPOCH).putLong(size).putInt(crc(epoch, longBytes(size))).flip());
        begun++;
        return size;
    }

    private long begun() {
        try {
            return epochs.size() / EPOCH;
        } catch (IOException e) {
            throw Failures.of(folder, "a stream's epochs that can be read", e);
        }
    }

    @Override
    public void close() {
        try (rows; epochs) {
            // all of it is on disk already
        } catch (IOException e) {
            throw Failures.of(folder, "a stream that can be closed", e);
        }
    }
}
