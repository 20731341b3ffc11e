package dev.vertigan.run;

import static dev.vertigan.run.SafetensorsHeader.expect;

import dev.vertigan.config.Sha256;
import dev.vertigan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One safetensors file: 8 bytes of little-endian header length, a JSON header padded with spaces so that the data starts
/// 64-byte aligned, then the tensors end to end in name order (https://github.com/huggingface/safetensors, "Format").
///
/// Two checksums in the metadata cover every bit: `data_sha256` the data, `header_sha256` the header's content, itself left out.
/// The format asks for neither; here a file without them, or with anything else amiss, is corrupt.
public final class Safetensors {

    /// Metadata keys that are this format's own.
    static final List<String> RESERVED = List.of("data_sha256", "header_sha256");

    private static final String DATA_SHA256 = RESERVED.get(0);
    private static final String HEADER_SHA256 = RESERVED.get(1);
    private static final int MAX_HEADER = 100_000_000; // the reference implementation's limit too
    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 20;

    /// What a file held.
    public record Content(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {}

    private Safetensors() {}

    /// Hexadecimal SHA-256 over the tensors' bytes in name order: equal for equal weights, and the data checksum of their file.
    public static String sha256(SortedMap<String, Tensor> tensors) {
        MessageDigest digest = Sha256.digest();
        new TreeMap<>((Map<String, Tensor>) tensors).values().forEach(tensor -> chunks(tensor.segment()).forEach(digest::update));
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Writes a new file and forces it to disk.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException if there is such a file
    /// @throws IllegalArgumentException if a tensor or a metadata key has a name that the format reserves
    public static void write(Path file, SortedMap<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        write(Durable.DISK, file, tensors, metadata);
    }

    static void write(Durable disk, Path file, SortedMap<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        RESERVED.stream().filter(metadata::containsKey).findAny().ifPresent(key -> {
            throw new IllegalArgumentException("metadata: expected any key but " + key + ", which the format reserves");
        });
        var sorted = new TreeMap<>((Map<String, Tensor>) tensors);
        var header = SafetensorsHeader.of(sorted, metadata);
        header.metadata().put(DATA_SHA256, sha256(sorted));
        header.metadata().put(HEADER_SHA256, HexFormat.of().formatHex(Sha256.of(header.encode())));
        byte[] json = header.encode();
        int padded = Math.ceilDiv(Long.BYTES + json.length, ALIGNMENT) * ALIGNMENT - Long.BYTES;
        if (padded > MAX_HEADER) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "header: expected at most %d bytes, found %d", MAX_HEADER, padded));
        }
        byte[] head = Arrays.copyOf(json, padded);
        Arrays.fill(head, json.length, padded, (byte) ' ');
        try (var channel = disk.createNew(file)) {
            Durable.writeFully(channel, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).flip());
            Durable.writeFully(channel, ByteBuffer.wrap(head));
            for (Tensor tensor : sorted.values()) {
                for (ByteBuffer chunk : chunks(tensor.segment())) {
                    Durable.writeFully(channel, chunk);
                }
            }
            channel.force(true);
        }
    }

    /// Reads a file whole, checking everything.
    public static Content read(Path file) throws IOException, CorruptCheckpoint {
        try (var channel = Durable.DISK.open(file, Set.of(StandardOpenOption.READ))) {
            var header = readHeader(channel, file);
            MessageDigest digest = Sha256.digest();
            var tensors = new TreeMap<String, Tensor>();
            for (var named : header.entries().entrySet()) {
                Tensor tensor = Tensor.allocate(named.getValue().type(), named.getValue().shape());
                for (ByteBuffer chunk : chunks(tensor.segment())) {
                    readFully(channel, chunk, file);
                    digest.update(chunk.flip());
                }
                tensors.put(named.getKey(), tensor);
            }
            checkData(header, digest, file);
            header.metadata().keySet().removeAll(RESERVED);
            return new Content(tensors, header.metadata());
        }
    }

    /// Checks everything that [#read] does without holding the tensors in memory.
    public static void verify(Path file) throws IOException, CorruptCheckpoint {
        try (var channel = Durable.DISK.open(file, Set.of(StandardOpenOption.READ))) {
            var header = readHeader(channel, file);
            MessageDigest digest = Sha256.digest();
            var buffer = ByteBuffer.allocateDirect(CHUNK);
            for (long left = header.dataBytes(); left > 0; left -= buffer.limit()) {
                readFully(channel, buffer.clear().limit((int) Math.min(left, CHUNK)), file);
                digest.update(buffer.flip());
            }
            checkData(header, digest, file);
        }
    }

    /// Reads and checks the header, and that the data it describes just fills the file; leaves the channel at the data.
    private static SafetensorsHeader readHeader(FileChannel channel, Path file) throws IOException, CorruptCheckpoint {
        long size = channel.size();
        expect(size >= Long.BYTES, file, "a header length of 8 bytes", "a file of " + size);
        var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, length, file);
        long bytes = length.getLong(0);
        expect(bytes >= 0 && bytes <= Math.min(MAX_HEADER, size - Long.BYTES), file,
                String.format(Locale.ROOT, "a header of at most %d bytes", Math.min(MAX_HEADER, size - Long.BYTES)), Long.toUnsignedString(bytes));
        var json = ByteBuffer.allocate((int) bytes);
        readFully(channel, json, file);
        var header = SafetensorsHeader.decode(json.array(), file);
        expect(header.dataBytes() == size - Long.BYTES - bytes, file, header.dataBytes() + " bytes of data", size - Long.BYTES - bytes);
        String expected = header.metadata().remove(HEADER_SHA256);
        expect(expected != null, file, "metadata " + HEADER_SHA256, "none");
        String found = HexFormat.of().formatHex(Sha256.of(header.encode()));
        expect(found.equals(expected), file, "a header of SHA-256 " + expected, found);
        return header;
    }

    private static void checkData(SafetensorsHeader header, MessageDigest digest, Path file) throws CorruptCheckpoint {
        String expected = header.metadata().get(DATA_SHA256);
        String found = HexFormat.of().formatHex(digest.digest());
        expect(found.equals(expected), file, "data of SHA-256 " + expected, found);
    }

    private static void readFully(FileChannel channel, ByteBuffer target, Path file) throws IOException, CorruptCheckpoint {
        while (target.hasRemaining()) {
            expect(channel.read(target) >= 0, file, target.remaining() + " more bytes", "the file's end");
        }
    }

    /// The segment as buffers, which a segment of over 2 GiB does not fit in one of.
    private static List<ByteBuffer> chunks(MemorySegment segment) {
        return java.util.stream.LongStream.range(0, Math.ceilDiv(segment.byteSize(), CHUNK))
                .mapToObj(i -> segment.asSlice(i * CHUNK, Math.min(CHUNK, segment.byteSize() - i * CHUNK)).asByteBuffer())
                .toList();
    }
}
