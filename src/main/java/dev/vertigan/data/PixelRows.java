package dev.vertigan.data;

import java.io.IOException;

/// The rows of an image as numbers in [0, 255], in colour or in grey, with what is transparent laid over white.
final class PixelRows {

    private static final float WHITE = 255;

    private final Strips strips;
    private final Colours colours;
    private final int channels;
    private final float[] rgba; // [width, 4]

    /// @param channels wanted: 3 = red, green, blue; 1 = grey
    PixelRows(Strips strips, Colours colours, int channels) {
        this.strips = strips;
        this.colours = colours;
        this.channels = channels;
        rgba = new float[4 * strips.width()];
    }

    int width() {
        return strips.width();
    }

    int height() {
        return strips.height();
    }

    int channels() {
        return channels;
    }

    /// Reads a stretch of row `y` from column `left` on into `target[count, channels]`; rows are asked for from top to bottom.
    void read(int y, int left, int count, float[] target) throws IOException {
        colours.read(strips, y, left, count, rgba);
        for (int x = 0; x < count; x++) {
            put(target, x, rgba[4 * x], rgba[4 * x + 1], rgba[4 * x + 2], rgba[4 * x + 3] / WHITE);
        }
    }

    private void put(float[] target, int x, float red, float green, float blue, float opacity) {
        float paper = WHITE * (1 - opacity);
        if (channels == 1) {
            // Luma of ITU-R BT.601; what is grey stays as it is.
            float grey = red == green && green == blue ? red : 0.299f * red + 0.587f * green + 0.114f * blue;
            target[x] = opacity * grey + paper;
        } else {
            target[3 * x] = opacity * red + paper;
            target[3 * x + 1] = opacity * green + paper;
            target[3 * x + 2] = opacity * blue + paper;
        }
    }
}
