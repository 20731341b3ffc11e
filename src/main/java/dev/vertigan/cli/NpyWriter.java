package dev.vertigan.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes an array that NumPy reads: format 1.0, little-endian float32 in C order
/// (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
final class NpyWriter {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpyWriter() {}

    /// @param shape whose product is the number of values
    /// @throws IOException if the file cannot be written
    static void write(Path file, float[] values, int... shape) throws IOException {
        if (Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b) != values.length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "shape: expected %d values, found %s", values.length, Arrays.toString(shape)));
        }
        byte[] header = header(shape);
        var bytes = ByteBuffer.allocate(MAGIC.length + Short.BYTES + header.length + values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putShort((short) header.length).put(header).asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }

    /// A Python literal, padded with spaces so that the values are aligned.
    private static byte[] header(int... shape) {
        String extents = Arrays.stream(shape).mapToObj(extent -> extent + ",").collect(Collectors.joining(" "));
        String literal = String.format(Locale.ROOT, "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", extents);
        int unpadded = MAGIC.length + Short.BYTES + literal.length() + 1;
        int padding = Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT - unpadded;
        return (literal + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
