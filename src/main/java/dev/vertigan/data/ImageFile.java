package dev.vertigan.data;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/// The first image of a file in memory, opened with one of ImageIO's readers.
///
/// @param orientation how it is to be turned
record ImageFile(ImageReader reader, Strips strips, Colours colours, Orientation orientation) implements AutoCloseable {

    /// Reads a part of the image as the reader can do it best.
    private interface Part {

        Raster read(ImageReadParam how) throws IOException;
    }

    /// Colours are what the reader says.
    ///
    /// @param transparent samples of the colour of which all pixels are transparent; empty if there is none
    /// @param memory bytes of decoded pixels held at a time
    static ImageFile of(ImageReader reader, byte[] bytes, Orientation orientation, int[] transparent, long memory) throws IOException {
        reader.setInput(new ByteArrayImageInputStream(bytes), true, true);
        var type = reader.getImageTypes(0).next();
        var samples = type.getSampleModel();
        int pixel = 0;
        for (int depth : samples.getSampleSize()) {
            pixel += depth > Byte.SIZE ? 2 : 1;
        }
        var strips = strips(reader, bytes, pixel, memory, how -> {
            how.setDestinationType(type);
            return reader.read(0, how).getRaster();
        });
        return new ImageFile(reader, strips, new ModelColours(type.getColorModel(), samples, transparent), orientation);
    }

    /// Samples are as the file has them, so what they look like is ours to say.
    static ImageFile raw(ImageReader reader, byte[] bytes, JpegHeader header, long memory) throws IOException {
        reader.setInput(new ByteArrayImageInputStream(bytes), true, true);
        return new ImageFile(reader, strips(reader, bytes, header.components().size(), memory, how -> reader.readRaster(0, how)),
                new JpegColours(header), header.orientation());
    }

    private static Strips strips(ImageReader reader, byte[] bytes, int pixelBytes, long memory, Part part) throws IOException {
        List<String> losses = new ArrayList<>();
        reader.addIIOReadWarningListener((_, warning) -> {
            if (isLoss(warning)) {
                losses.add(warning);
            }
        });
        return new Strips(region -> {
            reader.setInput(new ByteArrayImageInputStream(bytes), true, true); // an image read once is not always read twice
            var how = reader.getDefaultReadParam();
            how.setSourceRegion(region);
            var raster = part.read(how);
            if (!losses.isEmpty()) {
                throw new IOException("the file is cut short (" + losses.getFirst() + ")");
            }
            return raster;
        }, reader.getWidth(0), reader.getHeight(0), pixelBytes, memory);
    }

    /// The JPEG reader fills what is missing with grey and only warns; it warns of much that does no harm, too.
    private static boolean isLoss(String warning) {
        return warning.contains("Truncated File") || warning.contains("premature end");
    }

    @Override
    public void close() {
        reader.dispose();
    }
}
