package dev.vertigan.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;

/// The rows of a decoded image as numbers in [0, 255], however the file has them: grey, colours, a palette, CMYK; of any depth; with
/// what is transparent laid over white. Grey levels are taken as they are (Java2D would take them for linear light).
final class PixelRows {

    private static final float WHITE = 255;

    private final BufferedImage image;
    private final int channels;
    private final int[] raw; // [width, bands] of the row last read
    private final float[] scale; // [bands], to 255
    private final int colours; // bands that are no transparency
    private final boolean cmyk;

    /// @param channels wanted: 3 = red, green, blue; 1 = grey
    PixelRows(BufferedImage image, int channels) {
        this.image = image;
        this.channels = channels;
        var model = image.getColorModel();
        int bands = image.getRaster().getNumBands();
        raw = new int[image.getWidth() * bands];
        scale = new float[bands];
        for (int band = 0; band < bands; band++) {
            scale[band] = WHITE / ((1 << image.getSampleModel().getSampleSize(band)) - 1);
        }
        colours = model.hasAlpha() ? bands - 1 : bands;
        cmyk = model.getColorSpace().getType() == ColorSpace.TYPE_CMYK;
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    int channels() {
        return channels;
    }

    /// Reads a stretch of row `y` from column `left` on into `target[count, channels]`.
    void read(int y, int left, int count, float[] target) {
        image.getRaster().getPixels(left, y, count, 1, raw);
        for (int x = 0; x < count; x++) {
            if (image.getColorModel() instanceof IndexColorModel palette) {
                int colour = palette.getRGB(raw[x]);
                put(target, x, colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF, (colour >>> 24) / WHITE);
            } else {
                component(target, x);
            }
        }
    }

    private void component(float[] target, int x) {
        int at = x * scale.length;
        float opacity = colours < scale.length ? raw[at + colours] * scale[colours] / WHITE : 1;
        float first = raw[at] * scale[0];
        if (colours < 3) {
            put(target, x, first, first, first, opacity);
        } else if (cmyk) {
            float light = WHITE - raw[at + 3] * scale[3]; // that black ink leaves
            put(target, x, (WHITE - first) * light / WHITE, (WHITE - raw[at + 1] * scale[1]) * light / WHITE,
                    (WHITE - raw[at + 2] * scale[2]) * light / WHITE, opacity);
        } else {
            put(target, x, first, raw[at + 1] * scale[1], raw[at + 2] * scale[2], opacity);
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
