package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Makes samples of PNG, JPEG, WebP and BMP files: the middle square, turned upright, resized. Thread-safe.
///
/// Colour profiles are ignored in all of them, so that one kind of file is not read differently from another.
///
/// @param extent pixels a side
/// @param channels 3 = red, green, blue; 1 = grey
/// @param memory bytes of decoded pixels held at a time; a larger image is read in strips, and the sample is the same
/// @param mostPixels of an image; one with more is refused
record ImageDecoder(int extent, int channels, long memory, long mostPixels) {

    static final long MOST_BYTES = 1 << 27;
    private static final long MOST_PIXELS = 1 << 29;
    private static final int MOST_SIDE = 1 << 16; // pixels: a row is always held whole
    private static final int SHARE = 8; // one in so many bytes of the heap is for pixels

    ImageDecoder(int extent, int channels) {
        this(extent, channels, Math.min(1 << 27, Runtime.getRuntime().maxMemory() / SHARE), MOST_PIXELS);
    }

    /// `[extent, extent, channels]` of a file.
    ///
    /// @param name of the file, for messages
    /// @throws UserError if it cannot be read, is damaged or cut short, or is no such image
    byte[] decode(String name, FileTree.Content file) {
        try (var in = file.open()) {
            return decode(bytes(in));
        } catch (IOException | RuntimeException e) { // ImageIO's readers throw either at damaged files
            throw new UserError(name + ": expected an image, found that it cannot be decoded: " + (e.getMessage() == null ? e : e.getMessage())
                    + "; put a good copy in its place", e);
        }
    }

    /// `[extent, extent, channels]` of a file's content.
    ///
    /// @throws IOException if it is damaged or cut short, or no such image; at some damage a RuntimeException instead
    byte[] decode(byte[] bytes) throws IOException {
        try (var image = ImageFormat.of(bytes).open(bytes, memory)) {
            var strips = image.strips();
            if (Math.min(strips.width(), strips.height()) < 1 || Math.max(strips.width(), strips.height()) > MOST_SIDE
                    || (long) strips.width() * strips.height() > mostPixels) {
                throw new IOException(
                        "expected 1 to " + mostPixels + " pixels, " + MOST_SIDE + " a side, found " + strips.width() + " × " + strips.height());
            }
            byte[] square = SquareResizer.resize(new PixelRows(strips, image.colours(), channels), image.orientation(), extent);
            strips.finish();
            return image.orientation().turn(square, extent, channels);
        }
    }

    /// A file in an archive may be larger than it says, so what really comes is counted; and what is no image is not read at all.
    private static byte[] bytes(InputStream in) throws IOException {
        byte[] start = in.readNBytes(ImageFormat.LONGEST_START);
        ImageFormat.of(start);
        byte[] rest = in.readNBytes((int) MOST_BYTES - start.length);
        if (rest.length == MOST_BYTES - start.length && in.read() >= 0) {
            throw new IOException("expected at most " + MOST_BYTES + " bytes, found more");
        }
        byte[] bytes = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, bytes, start.length, rest.length);
        return bytes;
    }
}
