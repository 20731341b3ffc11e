package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/// A dense row-major array of float32 or float64 in 64-byte-aligned off-heap memory (MKL's results depend on alignment).
///
/// Views share memory with what they were taken from. Not thread-safe: a tensor has one owner at a time, and
/// ownership moves with the message that carries it.
public final class Tensor {

    private final ElementType type;
    private final long[] shape;
    private final Memory memory;
    private final long offset; // elements
    private final long size; // elements

    private Tensor(ElementType type, long[] shape, Memory memory, long offset, long size) {
        this.type = type;
        this.shape = shape;
        this.memory = memory;
        this.offset = offset;
        this.size = size;
    }

    /// A zero-filled tensor, freed when no longer reachable.
    ///
    /// @throws IllegalArgumentException if an extent is negative
    public static Tensor allocate(ElementType type, long... shape) {
        long size = sizeOf(shape);
        return new Tensor(type, shape.clone(), new Memory(Math.multiplyExact(size, type.width())), 0, size);
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

    public ElementType type() {
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
        return size;
    }

    /// The elements in memory, little-endian on every platform this runs on. Where a device computes this is a copy, good until kernels are
    /// given the tensor again.
    public MemorySegment segment() {
        MemorySegment all = memory.host();
        long bytes = size * type.width();
        return bytes == all.byteSize() ? all : all.asSlice(offset * type.width(), bytes);
    }

    /// Where [#segment] lies; good while the tensor is reachable.
    public long address() {
        return memory.host().address() + offset * type.width();
    }

    /// What something else than the host has of the memory behind this tensor and its views, up to date; good until [#segment], [#get] or
    /// [#set] is called again. This tensor begins at [#offset] there.
    ///
    /// @param kind of mirror
    /// @param maker makes one for the host's memory, if the last one was of another kind
    /// @param access what this tensor's part of it is asked for
    public <M extends Mirror> M mirror(Class<M> kind, Function<MemorySegment, M> maker, Access access) {
        // What writes a part of the memory leaves the rest as it is.
        boolean part = size * type.width() < memory.size();
        return memory.mirror(kind, maker, access == Access.WRITE && part ? Access.UPDATE : access);
    }

    /// Where this tensor begins in the memory behind it and its views, elements.
    public long offset() {
        return offset;
    }

    /// The same memory under another shape of the same size.
    public Tensor reshape(long... newShape) {
        if (sizeOf(newShape) != size) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "reshape: expected %d elements, found %s", size, Arrays.toString(newShape)));
        }
        return new Tensor(type, newShape.clone(), memory, offset, size);
    }

    /// Rows [from, from + count) along the first dimension, sharing memory.
    public Tensor rows(long from, long count) {
        if (from < 0 || count < 0 || from + count > shape[0]) {
            throw new IndexOutOfBoundsException(
                    String.format(Locale.ROOT, "rows: expected a range within [0, %d), found [%d, %d)", shape[0], from, from + count));
        }
        long[] part = shape.clone();
        part[0] = count;
        long row = shape[0] == 0 ? 0 : size / shape[0];
        return new Tensor(type, part, memory, offset + from * row, count * row);
    }

    /// An independent tensor of the same content.
    public Tensor copy() {
        Tensor copy = allocate(type, shape);
        copy.segment().copyFrom(segment());
        return copy;
    }

    public double get(long index) {
        MemorySegment segment = segment();
        return type == ElementType.FLOAT32 ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, index) : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    public void set(long index, double value) {
        MemorySegment segment = segment();
        if (type == ElementType.FLOAT32) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
        } else {
            segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        }
    }

    /// Sets the values from an index on to the first `count` of those given, times `scale`; these are used up.
    public void set(long index, float[] values, int count, double scale) {
        if (type == ElementType.FLOAT32) {
            for (int i = 0; i < count; i++) {
                values[i] = (float) (values[i] * scale);
            }
            MemorySegment.copy(values, 0, segment(), ValueLayout.JAVA_FLOAT, index * Float.BYTES, count);
        } else {
            for (int i = 0; i < count; i++) {
                set(index + i, values[i] * scale);
            }
        }
    }

    /// As in `float32[64, 784]`.
    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
