package dev.vertigan.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Writes an array that NumPy reads: format 1.0, little-endian float32 in C order
/// (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
public final class NpyWriter implements Sink {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private final Unfinished file;
    private final long[] shape;
    private long missing; // values still to come

    /// @param count of samples
    /// @param sample the shape of one
    /// @throws IOException if the file cannot be written
    public NpyWriter(Path path, long count, int... sample) throws IOException {
        shape = LongStream.concat(LongStream.of(count), Arrays.stream(sample).asLongStream()).toArray();
        missing = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        file = new Unfinished(path);
        byte[] header = header(shape);
        var bytes = ByteBuffer.allocate(MAGIC.length + Short.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
        file.stream().write(bytes.put(MAGIC).putShort((short) header.length).put(header).array());
    }

    /// A Python literal, padded with spaces so that the values are aligned.
    private static byte[] header(long... shape) {
        String extents = Arrays.stream(shape).mapToObj(extent -> extent + ",").collect(Collectors.joining(" "));
        String literal = String.format(Locale.ROOT, "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", extents);
        int unpadded = MAGIC.length + Short.BYTES + literal.length() + 1;
        int padding = Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT - unpadded;
        return (literal + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void write(float[] samples) throws IOException {
        missing -= samples.length;
        requireShape(missing >= 0);
        var bytes = ByteBuffer.allocate(samples.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(samples);
        file.stream().write(bytes.array());
    }

    private void requireShape(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "samples: expected those of %s, found %d values %s", Arrays.toString(shape),
                    Math.abs(missing), missing > 0 ? "too few" : "too many"));
        }
    }

    @Override
    public void finish() throws IOException {
        requireShape(missing == 0);
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
