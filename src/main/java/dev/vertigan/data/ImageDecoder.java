package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes samples of PNG, JPEG, WebP and BMP files: the middle square, turned upright, resized. Thread-safe.
///
/// Colour profiles are ignored in all of them, so that one kind of file is not read differently from another.
///
/// @param extent pixels a side
/// @param channels 3 = red, green, blue; 1 = grey
/// @param memory bytes of decoded pixels held at a time; a larger image is read in strips, and the sample is the same
record ImageDecoder(int extent, int channels, long memory) {

    static final long MOST_BYTES = 1 << 27;
    private static final long MOST_PIXELS = 1 << 29;
    private static final int SHARE = 8; // one in so many bytes of the heap is for pixels

    ImageDecoder(int extent, int channels) {
        this(extent, channels, Math.min(1 << 27, Runtime.getRuntime().maxMemory() / SHARE));
    }

    /// `[extent, extent, channels]` of a file.
    ///
    /// @throws UserError if it cannot be read, is damaged or cut short, or is no such image
    byte[] decode(Path file) {
        try {
            return decode(bytes(file));
        } catch (IOException | RuntimeException e) { // ImageIO's readers throw either at damaged files
            throw new UserError(file + ": expected an image, found that it cannot be decoded: " + (e.getMessage() == null ? e : e.getMessage())
                    + "; put a good copy in its place", e);
        }
    }

    /// `[extent, extent, channels]` of a file's content.
    ///
    /// @throws IOException if it is damaged or cut short, or no such image; at some damage a RuntimeException instead
    byte[] decode(byte[] bytes) throws IOException {
        try (var image = ImageFormat.of(bytes).open(bytes, memory)) {
            var strips = image.strips();
            if ((long) strips.width() * strips.height() > MOST_PIXELS) {
                throw new IOException("expected at most " + MOST_PIXELS + " pixels, found " + strips.width() + " × " + strips.height());
            }
            byte[] square = SquareResizer.resize(new PixelRows(strips, image.colours(), channels), image.orientation(), extent);
            strips.finish();
            return image.orientation().turn(square, extent, channels);
        }
    }

    /// A file in an archive may be larger than its entry says, so it is its content that is counted.
    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) MOST_BYTES);
            if (bytes.length == MOST_BYTES && in.read() >= 0) {
                throw new IOException("expected at most " + MOST_BYTES + " bytes, found more");
            }
            return bytes;
        }
    }
}
