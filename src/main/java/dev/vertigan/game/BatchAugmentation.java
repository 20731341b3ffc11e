package dev.vertigan.game;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An [Augmentation] of minibatches of images, `[rows, features]`, row by row in double precision. Not thread-safe.
final class BatchAugmentation {

    private final Augmentation augmentation;
    private final double[] row;
    private final float[] floats;

    /// @param features of an image
    BatchAugmentation(Augmentation augmentation, int features) {
        this.augmentation = augmentation;
        row = new double[features];
        floats = new float[features];
    }

    /// Images as D sees them.
    ///
    /// @param out which may be x
    void apply(Tensor x, Draw draw, Tensor out) {
        for (long i = 0; i < x.extent(0); i++) {
            read(x, i);
            augmentation.apply(row, draw, i);
            write(out, i);
        }
    }

    /// Gradients at the images from those at what D sees of them.
    ///
    /// @param out which may be dy
    void applyAdjoint(Tensor dy, Draw draw, Tensor out) {
        for (long i = 0; i < dy.extent(0); i++) {
            read(dy, i);
            augmentation.applyAdjoint(row, draw, i);
            write(out, i);
        }
    }

    private void read(Tensor x, long at) {
        int features = row.length;
        if (x.type() == ElementType.FLOAT32) {
            MemorySegment.copy(x.segment(), ValueLayout.JAVA_FLOAT, at * features * Float.BYTES, floats, 0, features);
            for (int i = 0; i < features; i++) {
                row[i] = floats[i];
            }
        } else {
            for (int i = 0; i < features; i++) {
                row[i] = x.get(at * features + i);
            }
        }
    }

    private void write(Tensor x, long at) {
        int features = row.length;
        if (x.type() == ElementType.FLOAT32) {
            for (int i = 0; i < features; i++) {
                floats[i] = (float) row[i];
            }
            MemorySegment.copy(floats, 0, x.segment(), ValueLayout.JAVA_FLOAT, at * features * Float.BYTES, features);
        } else {
            for (int i = 0; i < features; i++) {
                x.set(at * features + i, row[i]);
            }
        }
    }
}
