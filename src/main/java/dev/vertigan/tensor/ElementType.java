package dev.vertigan.tensor;

/// What a tensor's elements are: IEEE 754 numbers of 32 or 64 bits.
public enum ElementType {

    FLOAT32(Float.BYTES),
    FLOAT64(Double.BYTES);

    private final int width;

    ElementType(int width) {
        this.width = width;
    }

    /// Bytes an element takes.
    public int width() {
        return width;
    }

    /// As in `float32`.
    @Override
    public String toString() {
        return "float" + Byte.SIZE * width;
    }
}
