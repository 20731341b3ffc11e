package dev.vertigan.data;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Grey levels kept as bytes, one each, as floats in [0, 1].
final class Pixels {

    private static final float WHITE = 255;

    // The narrowest vector of bytes is sixteen, as many as floats in 512 bits.
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int LANES = INTS.length();
    private static final boolean WIDE = VectorShape.preferredShape() == VectorShape.S_512_BIT;

    private Pixels() {}

    static void toUnit(byte[] pixels, int from, float[] target, int offset, int count) {
        int done = 0;
        if (WIDE) {
            for (; done <= count - LANES; done += LANES) {
                var levels = (IntVector) ByteVector.fromArray(BYTES, pixels, from + done).convertShape(ZERO_EXTEND_B2I, INTS, 0);
                ((FloatVector) levels.convert(I2F, 0)).div(WHITE).intoArray(target, offset + done);
            }
        }
        for (int i = done; i < count; i++) {
            target[offset + i] = (pixels[from + i] & 0xFF) / WHITE;
        }
    }
}
