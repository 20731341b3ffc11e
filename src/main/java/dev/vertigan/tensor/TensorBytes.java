package dev.vertigan.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Locale;

/// The one layout of a tensor outside memory: its elements, little-endian, row-major, with nothing between them. A file that
/// describes its tensors itself (safetensors) holds just that; on a wire a header goes before, also little-endian:
///
///     int32 magic "VGT1" | int8 type (1 float32, 2 float64) | int8 rank | int64 extent, rank times | elements
public final class TensorBytes {

    private static final int MAGIC = 'V' | 'G' << 8 | 'T' << 16 | '1' << 24;
    private static final int FLOAT = 1;
    private static final int DOUBLE = 2;
    private static final int MOST_DIMENSIONS = 8;
    private static final int PREFIX = 6;
    private static final long CHUNK = 1 << 20; // bytes handed to a channel at once

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("byte order: expected a little-endian machine, found " + ByteOrder.nativeOrder());
        }
    }

    private TensorBytes() {}

    /// How many bytes [#write(Tensor, ByteBuffer)] writes: header and elements.
    ///
    /// @throws IllegalArgumentException if they do not fit a buffer (2 GiB)
    public static int size(Tensor tensor) {
        long size = PREFIX + (long) Long.BYTES * tensor.rank() + tensor.segment().byteSize();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tensor: expected at most 2 GiB on a wire, found " + tensor);
        }
        return (int) size;
    }

    /// Writes header and elements at the buffer's position, and moves it.
    ///
    /// @throws IllegalArgumentException if the buffer has too little room
    public static void write(Tensor tensor, ByteBuffer to) {
        int size = size(tensor);
        if (to.remaining() < size) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "buffer: expected room for %d bytes of %s, found %d", size, tensor, to.remaining()));
        }
        ByteOrder order = to.order();
        to.order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(MAGIC).put((byte) (tensor.type() == ElementType.FLOAT32 ? FLOAT : DOUBLE)).put((byte) tensor.rank());
        for (int d = 0; d < tensor.rank(); d++) {
            to.putLong(tensor.extent(d));
        }
        to.order(order);
        writeElements(tensor, to);
    }

    /// Reads a tensor that [#write(Tensor, ByteBuffer)] wrote, at the buffer's position, and moves it past.
    ///
    /// Nothing is allocated before type, shape and size have been checked against the bytes at hand.
    ///
    /// @throws IllegalArgumentException if this is no tensor, or not the whole of one; the position is then where it was
    public static Tensor read(ByteBuffer from) {
        ByteBuffer bytes = from.slice().order(ByteOrder.LITTLE_ENDIAN);
        require(bytes.remaining() >= PREFIX, String.format(Locale.ROOT, "expected a header of %d bytes, found %d", PREFIX, bytes.remaining()));
        int magic = bytes.getInt();
        require(magic == MAGIC, String.format(Locale.ROOT, "expected the magic VGT1, found 0x%08x", Integer.reverseBytes(magic)));
        int code = bytes.get();
        require(code == FLOAT || code == DOUBLE, "expected type 1 (float32) or 2 (float64), found " + code);
        ElementType type = code == FLOAT ? ElementType.FLOAT32 : ElementType.FLOAT64;
        int rank = bytes.get();
        require(rank >= 0 && rank <= MOST_DIMENSIONS, String.format(Locale.ROOT, "expected at most %d dimensions, found %d", MOST_DIMENSIONS, rank));
        require(bytes.remaining() >= Long.BYTES * rank, String.format(Locale.ROOT, "expected %d extents, found %d bytes", rank, bytes.remaining()));
        long[] shape = new long[rank];
        long size = type.width();
        for (int d = 0; d < rank; d++) {
            shape[d] = bytes.getLong();
            require(shape[d] >= 0, "expected extents ≥ 0, found " + shape[d]);
            // Capped as it grows: a product that overflows must not look small. A later extent of 0 makes it 0 again.
            size = shape[d] == 0 ? 0 : size > Integer.MAX_VALUE / shape[d] ? Integer.MAX_VALUE + 1L : size * shape[d];
        }
        require(size <= bytes.remaining(), String.format(Locale.ROOT, "expected %s bytes of elements of shape %s, found %d",
                size > Integer.MAX_VALUE ? "more than 2³¹" : size, Arrays.toString(shape), bytes.remaining()));
        Tensor tensor = Tensor.allocate(type, shape);
        readElements(bytes, tensor);
        from.position(from.position() + bytes.position());
        return tensor;
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("tensor bytes: " + problem);
        }
    }

    /// Writes the elements alone at the buffer's position, and moves it.
    ///
    /// @throws IllegalArgumentException if the buffer has too little room
    public static void writeElements(Tensor tensor, ByteBuffer to) {
        MemorySegment elements = tensor.segment();
        if (to.remaining() < elements.byteSize()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "buffer: expected room for %d bytes of %s, found %d",
                    elements.byteSize(), tensor, to.remaining()));
        }
        int length = (int) elements.byteSize();
        MemorySegment.ofBuffer(to).asSlice(0, length).copyFrom(elements);
        to.position(to.position() + length);
    }

    /// Fills the tensor from the elements at the buffer's position, and moves it.
    ///
    /// @throws IllegalArgumentException if the buffer has too few bytes
    public static void readElements(ByteBuffer from, Tensor tensor) {
        MemorySegment elements = tensor.segment();
        if (from.remaining() < elements.byteSize()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "tensor bytes: expected %d bytes of %s, found %d",
                    elements.byteSize(), tensor, from.remaining()));
        }
        int length = (int) elements.byteSize();
        elements.copyFrom(MemorySegment.ofBuffer(from).asSlice(0, length));
        from.position(from.position() + length);
    }

    /// Writes the elements alone.
    ///
    /// @throws IOException if the channel fails
    public static void writeElements(Tensor tensor, WritableByteChannel to) throws IOException {
        MemorySegment elements = tensor.segment();
        for (long at = 0; at < elements.byteSize(); at += CHUNK) {
            ByteBuffer part = elements.asSlice(at, Math.min(CHUNK, elements.byteSize() - at)).asByteBuffer();
            while (part.hasRemaining()) {
                to.write(part);
            }
        }
    }

    /// Fills the tensor from the channel.
    ///
    /// @throws EOFException if the channel ends before the tensor is full
    /// @throws IOException if the channel fails
    public static void readElements(ReadableByteChannel from, Tensor tensor) throws IOException {
        MemorySegment elements = tensor.segment();
        for (long at = 0; at < elements.byteSize(); at += CHUNK) {
            ByteBuffer part = elements.asSlice(at, Math.min(CHUNK, elements.byteSize() - at)).asByteBuffer();
            while (part.hasRemaining()) {
                if (from.read(part) < 0) {
                    throw new EOFException(String.format(Locale.ROOT, "tensor bytes: expected %d bytes of %s, found %d",
                            elements.byteSize(), tensor, at + part.position()));
                }
            }
        }
    }
}
