package dev.vertigan.data;

import java.io.IOException;

/// What the samples of an image look like.
@FunctionalInterface
interface Colours {

    /// Red, green, blue and opacity, each in [0, 255], of `count` pixels of row `y` from column `left` on, into `rgba[count, 4]`.
    void read(Strips strips, int y, int left, int count, float[] rgba) throws IOException;
}
