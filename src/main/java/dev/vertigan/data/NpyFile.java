package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An array as NumPy saves it (numpy.org/doc/stable/reference/generated/numpy.lib.format.html), read row by row: little-endian float32 or
/// float64, integers or truth values, in C order. Thread-safe.
public final class NpyFile implements AutoCloseable {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Set<String> TYPES = Set.of("<f4", "<f8", "|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8");
    private static final int MOST_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

    private final Path file;
    private final FileChannel channel;
    private final long begin; // of the values, bytes
    private final String type;
    private final long[] shape;

    private NpyFile(Path file, FileChannel channel, long begin, String type, long... shape) {
        this.file = file;
        this.channel = channel;
        this.begin = begin;
        this.type = type;
        this.shape = shape;
    }

    /// @throws UserError if it cannot be read, is no such array, or is cut short
    public static NpyFile open(Path file) {
        return open(file, StandardOpenOption.READ);
    }

    static NpyFile open(Path file, OpenOption... options) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, options);
            return read(file, channel);
        } catch (IOException e) {
            close(channel, e);
            throw new UserError(String.format(Locale.ROOT, "%s: expected a file that can be read: %s", file, e.getMessage()), e);
        } catch (UserError e) {
            close(channel, e);
            throw e;
        }
    }

    private static void close(@Nullable FileChannel channel, Exception failure) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static NpyFile read(Path file, FileChannel channel) throws IOException {
        var start = bytes(channel, 0, MAGIC.length + 2 + Integer.BYTES);
        expect(start.remaining() == start.capacity() && start.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC)), file,
                "an array as NumPy saves it (.npy)", "another file");
        int version = start.get(MAGIC.length);
        expect(version >= 1 && version <= 3, file, "format 1, 2 or 3", version);
        int length = version == 1 ? start.getShort(MAGIC.length + 2) & 0xFFFF : start.getInt(MAGIC.length + 2);
        expect(length > 0 && length <= MOST_HEADER, file, "a header of at most " + MOST_HEADER + " bytes", length);
        int from = MAGIC.length + 2 + (version == 1 ? Short.BYTES : Integer.BYTES);
        String header = StandardCharsets.ISO_8859_1.decode(bytes(channel, from, length)).toString();
        String type = match(TYPE, header, file, "an element type");
        expect(TYPES.contains(type), file, "elements float32 (<f4), float64 (<f8), integers (as |u1, <i4, <i8) or truth values (|b1)", type);
        expect(match(ORDER, header, file, "an order").equals("False"), file, "an array in C order", "one in Fortran order");
        String extents = match(SHAPE, header, file, "a shape");
        long[] shape;
        long size;
        try {
            shape = Arrays.stream(extents.split(",", -1)).map(String::strip).filter(extent -> !extent.isEmpty()).mapToLong(Long::parseLong).toArray();
            size = Math.multiplyExact(Arrays.stream(shape).reduce(1, Math::multiplyExact), width(type));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a shape, found (%s)", file, extents), e);
        }
        expect(shape.length > 0, file, "an array of rows", "a single number");
        expect(channel.size() - from - length >= size, file, size + " bytes of values", channel.size() - from - length);
        return new NpyFile(file, channel, from + (long) length, type, shape);
    }

    private static String match(Pattern pattern, String header, Path file, String expected) {
        Matcher matcher = pattern.matcher(header);
        expect(matcher.find(), file, expected + " in its header", header.strip());
        return matcher.group(1);
    }

    private static void expect(boolean holds, Path file, String expected, Object found) {
        if (!holds) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected %s, found %s", file, expected, found));
        }
    }

    private static long width(String type) {
        return Character.digit(type.charAt(2), 10);
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // on to the end of either
        }
        return bytes.flip();
    }

    /// With the number of rows first.
    public long[] shape() {
        return shape.clone();
    }

    /// Whether its values are whole numbers by their type.
    boolean integers() {
        return type.charAt(1) != 'f';
    }

    /// Values in a row.
    public int features() {
        return Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
    }

    /// Reads `count` rows from `first` on, `[count, features]`; bytes as 0 to 255, truth as 0 and 1.
    ///
    /// @throws IndexOutOfBoundsException if there are fewer
    /// @throws UserError if it cannot be read any more
    public float[] rows(long first, int count) {
        Objects.checkFromIndexSize(first, count, shape[0]);
        float[] values = new float[Math.multiplyExact(count, features())];
        int width = (int) width(type);
        try {
            var bytes = bytes(channel, begin + first * features() * width, Math.multiplyExact(values.length, width));
            expect(bytes.remaining() == bytes.capacity(), file, "as many values as when it was opened", "fewer");
            for (int i = 0; i < values.length; i++) {
                values[i] = value(bytes, i * width);
            }
            return values;
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a file that can be read: %s", file, e.getMessage()), e);
        }
    }

    private float value(ByteBuffer bytes, int at) {
        return switch (type) {
            case "<f4" -> bytes.getFloat(at);
            case "<f8" -> (float) bytes.getDouble(at);
            case "|i1" -> bytes.get(at);
            case "<u2" -> bytes.getShort(at) & 0xFFFF;
            case "<i2" -> bytes.getShort(at);
            case "<u4" -> bytes.getInt(at) & 0xFFFF_FFFFL;
            case "<i4" -> bytes.getInt(at);
            case "<u8", "<i8" -> bytes.getLong(at); // beyond 2^63 is beyond what anyone counts
            default -> bytes.get(at) & 0xFF;
        };
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
