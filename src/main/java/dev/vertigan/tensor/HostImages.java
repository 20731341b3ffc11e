package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Images one by one on the host, in double precision.
final class HostImages {

    private final Tensor from;
    private final Tensor to;
    private final int features;
    private final double[] image;
    private final float[] floats;

    private HostImages(Tensor from, Tensor to) {
        this.from = from;
        this.to = to;
        features = Math.toIntExact(from.size() / Math.max(1, from.extent(0)));
        image = new double[features];
        floats = new float[features];
    }

    interface Change {

        /// In place, on image `index`.
        void on(double[] image, int index);
    }

    /// Each image of a tensor, changed, into another, which may be it.
    static void each(Tensor from, Change change, Tensor to) {
        var images = new HostImages(from, to);
        for (int index = 0; index < from.extent(0); index++) {
            images.read(index);
            change.on(images.image, index);
            images.write(index);
        }
    }

    private void read(long index) {
        if (from.type() == ElementType.FLOAT32) {
            MemorySegment.copy(from.segment(), ValueLayout.JAVA_FLOAT, index * features * Float.BYTES, floats, 0, features);
            Arrays.setAll(image, i -> floats[i]);
        } else {
            Arrays.setAll(image, i -> from.get(index * features + i));
        }
    }

    private void write(long index) {
        if (to.type() == ElementType.FLOAT32) {
            for (int i = 0; i < features; i++) {
                floats[i] = (float) image[i];
            }
            MemorySegment.copy(floats, 0, to.segment(), ValueLayout.JAVA_FLOAT, index * features * Float.BYTES, features);
        } else {
            for (int i = 0; i < features; i++) {
                to.set(index * features + i, image[i]);
            }
        }
    }
}
