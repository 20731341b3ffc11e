package dev.vertigan.data;

/// Grey levels kept as bytes, one each, as floats in [0, 1].
final class Pixels {

    private static final float[] UNIT = new float[256];

    static {
        for (int level = 0; level < 256; level++) {
            UNIT[level] = level / 255f;
        }
    }

    private Pixels() {}

    static void toUnit(byte[] pixels, int from, float[] target, int offset, int count) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = UNIT[pixels[from + i] & 0xFF];
        }
    }
}
