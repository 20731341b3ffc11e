package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Makes samples of PNG and JPEG files: the middle square, resized. Thread-safe.
///
/// Which of the two a file is, its first bytes say, not its name. Colour profiles and the rotation cameras note are ignored.
///
/// @param extent pixels a side
/// @param channels 3 = red, green, blue; 1 = grey
record ImageDecoder(int extent, int channels) {

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    private static final long MOST_BYTES = 1 << 27;
    private static final double MOST_PIXELS = 1 << 25; // held in memory; of more, every n-th of every n-th row is read

    /// `[extent, extent, channels]` of a file.
    ///
    /// @throws UserError if it cannot be read, is damaged or cut short, or is no such image
    byte[] decode(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(String.format(Locale.ROOT, "expected at most %d bytes, found %d", MOST_BYTES, Files.size(file)));
            }
            byte[] bytes = Files.readAllBytes(file);
            return SquareResizer.resize(new PixelRows(image(bytes), channels), extent);
        } catch (IOException | RuntimeException e) { // ImageIO's readers throw either at damaged files
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected an image, found that it cannot be decoded: %s; put a good copy in its place", file,
                            e.getMessage() == null ? e.toString() : e.getMessage()),
                    e);
        }
    }

    private static BufferedImage image(byte[] bytes) throws IOException {
        if (startsWith(bytes, PNG)) {
            PngChecksums.verify(bytes);
            return read(bytes, "png");
        }
        if (startsWith(bytes, JPEG)) {
            return read(bytes, "jpeg");
        }
        throw new IOException(bytes.length == 0 ? "the file is empty"
                : "neither PNG nor JPEG; it begins with the bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, 8))));
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static BufferedImage read(byte[] bytes, String format) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            var loss = new StringBuilder();
            reader.addIIOReadWarningListener((_, warning) -> loss.append(isLoss(warning) ? warning : ""));
            reader.setInput(in, true, true);
            var how = reader.getDefaultReadParam();
            int every = (int) Math.ceil(Math.sqrt((double) reader.getWidth(0) * reader.getHeight(0) / MOST_PIXELS));
            how.setSourceSubsampling(every, every, 0, 0);
            var image = reader.read(0, how);
            if (!loss.isEmpty()) {
                throw new IOException("the file is cut short (" + loss + ")");
            }
            return image;
        } finally {
            reader.dispose();
        }
    }

    /// The JPEG reader fills what is missing with grey and only warns; it warns of much that does no harm, too.
    private static boolean isLoss(String warning) {
        return warning.contains("Truncated File") || warning.contains("premature end");
    }
}
