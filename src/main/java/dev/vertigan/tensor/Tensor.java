package dev.vertigan.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/// A dense row-major array of float32 or float64 in 64-byte-aligned off-heap memory (MKL's results depend on alignment).
///
/// Views share memory with what they were taken from. Not thread-safe: a tensor has one owner at a time, and
/// ownership moves with the message that carries it.
public final class Tensor {

    private static final int ALIGNMENT = 64;

    private final DataType type;
    private final long[] shape;
    private final MemorySegment segment; // size() · type.width() bytes

    private Tensor(DataType type, long[] shape, MemorySegment segment) {
        this.type = type;
        this.shape = shape;
        this.segment = segment;
    }

    /// A zero-filled tensor, freed when no longer reachable.
    ///
    /// @throws IllegalArgumentException if the type is neither FLOAT nor DOUBLE or an extent is negative
    public static Tensor allocate(DataType type, long... shape) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("type: expected FLOAT or DOUBLE, found " + type);
        }
        long size = sizeOf(shape);
        return new Tensor(type, shape.clone(), Arena.ofAuto().allocate(Math.max(size, 1) * type.width(), ALIGNMENT).asSlice(0, size * type.width()));
    }

    private static long sizeOf(long[] shape) {
        long size = 1;
        for (long extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("shape: expected extents ≥ 0, found " + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    public DataType type() {
        return type;
    }

    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    public long extent(int dimension) {
        return shape[dimension];
    }

    public long size() {
        return segment.byteSize() / type.width();
    }

    /// The memory itself, little-endian on every platform this runs on.
    public MemorySegment segment() {
        return segment;
    }

    /// The same memory under another shape of the same size.
    public Tensor reshape(long... newShape) {
        if (sizeOf(newShape) != size()) {
            throw new IllegalArgumentException("reshape: expected %d elements, found %s".formatted(size(), Arrays.toString(newShape)));
        }
        return new Tensor(type, newShape.clone(), segment);
    }

    /// Rows [from, from + count) along the first dimension, sharing memory.
    public Tensor rows(long from, long count) {
        if (from < 0 || count < 0 || from + count > shape[0]) {
            throw new IndexOutOfBoundsException("rows: expected a range within [0, %d), found [%d, %d)".formatted(shape[0], from, from + count));
        }
        long[] part = shape.clone();
        part[0] = count;
        long rowBytes = shape[0] == 0 ? 0 : segment.byteSize() / shape[0];
        return new Tensor(type, part, segment.asSlice(from * rowBytes, count * rowBytes));
    }

    /// An independent tensor of the same content.
    public Tensor copy() {
        Tensor copy = allocate(type, shape);
        copy.segment.copyFrom(segment);
        return copy;
    }

    public double get(long index) {
        return type == DataType.FLOAT ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, index) : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    public void set(long index, double value) {
        if (type == DataType.FLOAT) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
        } else {
            segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        }
    }

    /// As in `float32[64, 784]`.
    @Override
    public String toString() {
        return (type == DataType.FLOAT ? "float32" : "float64") + Arrays.toString(shape);
    }
}
