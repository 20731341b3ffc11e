package dev.vertigan.data;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.Arrays;

/// Grey, colours or a palette of any depth, as Java2D's models have them. Grey levels are taken as they are (Java2D would take them for linear
/// light). Of sixteen bits the first eight count, as they do to most programs that read images.
final class ModelColours implements Colours {

    private static final int WHITE = 255;
    private static final int EIGHT = 8; // bits

    private final ColorModel model;
    private final int[] depths; // bits of each band
    private final boolean grey;
    private final int[] transparent;
    private int[] raw = new int[0]; // [pixels, bands]

    /// @param transparent samples of the colour of which all pixels are transparent; empty if there is none
    ModelColours(ColorModel model, SampleModel samples, int[] transparent) {
        this.model = model;
        depths = samples.getSampleSize();
        grey = depths.length < 3;
        this.transparent = transparent;
    }

    @Override
    public void read(Strips strips, int y, int left, int count, float[] rgba) throws IOException {
        int bands = depths.length;
        if (raw.length < count * bands) {
            raw = new int[count * bands];
        }
        strips.read(y, left, count, raw);
        for (int x = 0; x < count; x++) {
            if (model instanceof IndexColorModel palette) {
                int colour = palette.getRGB(raw[x]);
                rgba[4 * x] = colour >> 16 & 0xFF;
                rgba[4 * x + 1] = colour >> 8 & 0xFF;
                rgba[4 * x + 2] = colour & 0xFF;
                rgba[4 * x + 3] = colour >>> 24;
            } else {
                for (int colour = 0; colour < 3; colour++) {
                    rgba[4 * x + colour] = level(x * bands, grey ? 0 : colour);
                }
                rgba[4 * x + 3] = model.hasAlpha() ? level(x * bands, bands - 1) : WHITE;
            }
            if (transparent.length > 0 && Arrays.equals(raw, x * bands, x * bands + bands, transparent, 0, transparent.length)) {
                rgba[4 * x + 3] = 0;
            }
        }
    }

    private float level(int pixel, int band) {
        int depth = depths[band];
        return depth > EIGHT ? raw[pixel + band] >> depth - EIGHT : raw[pixel + band] * WHITE / ((1 << depth) - 1);
    }
}
