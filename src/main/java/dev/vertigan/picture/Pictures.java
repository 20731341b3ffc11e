package dev.vertigan.picture;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.values.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;

/// Turns samples into [Picture]s.
public final class Pictures {

    private static final int GAP = 2; // pixels between two images

    private Pictures() {}

    /// A picture of samples of a data set.
    ///
    /// @param samples `[count, features]`, pixels from the data set's black to 1, or coordinates
    public static Picture of(Dataset dataset, float[] samples, Picture.Source source, long step) {
        return of(Form.of(dataset), samples, 0, source, step);
    }

    /// As the other, for samples of that form; images of which number i is of class i mod `classes` stand in a column for each class.
    ///
    /// @param classes 0 = in no order
    public static Picture of(Form form, float[] samples, int classes, Picture.Source source, long step) {
        int features = form.features();
        int count = samples.length / features;
        if (!form.image()) {
            var bytes = ByteBuffer.allocate(samples.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(samples);
            return new Picture(source, Picture.Format.POINTS, step, count, features, count, bytes.array());
        }
        var grid = grid(form.shape(), samples, columns(count, classes), form.black());
        return new Picture(source, Picture.Format.PNG, step, count, grid.getWidth(), grid.getHeight(), png(grid));
    }

    private static int columns(int count, int classes) {
        return classes > 0 && classes <= count ? classes : (int) Math.ceil(Math.sqrt(count));
    }

    /// A PNG file of one image.
    ///
    /// @param shape `[height, width, channels]`, of 1 or 3 channels
    /// @param sample `[features]`, pixels from black to 1
    public static byte[] png(int[] shape, float[] sample, float black) {
        return png(shape, sample, 0, black);
    }

    /// A PNG file of images in rows and columns, see [#of].
    ///
    /// @param shape of an image, `[height, width, channels]`, of 1 or 3 channels
    /// @param samples `[count, features]`, pixels from black to 1
    public static byte[] png(int[] shape, float[] samples, int classes, float black) {
        int count = samples.length / (shape[0] * shape[1] * shape[2]);
        return png(grid(shape, samples, columns(count, classes), black));
    }

    /// Images in rows and columns.
    ///
    /// @param shape of an image, `[height, width, channels]`, of 1 or 3 channels
    private static BufferedImage grid(int[] shape, float[] samples, int columns, float black) {
        int height = shape[0];
        int width = shape[1];
        int channels = shape[2];
        int count = samples.length / (channels * height * width);
        int rows = Math.ceilDiv(count, columns);
        var grid = new BufferedImage(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP,
                channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        var raster = grid.getRaster();
        for (int i = 0; i < count; i++) {
            int left = i % columns * (width + GAP);
            int top = i / columns * (height + GAP);
            for (int p = 0; p < height * width; p++) {
                for (int channel = 0; channel < channels; channel++) {
                    float level = (samples[(i * height * width + p) * channels + channel] - black) / (1 - black);
                    raster.setSample(left + p % width, top + p / width, channel, Math.clamp(Math.round(level * 255), 0, 255));
                }
            }
        }
        return grid;
    }

    /// An image as a PNG file.
    public static byte[] png(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("an image in memory could not be written", e);
        }
        return bytes.toByteArray();
    }
}
