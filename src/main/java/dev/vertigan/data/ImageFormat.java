package dev.vertigan.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/// The kinds of image files that are read. Which a file is, its first bytes say, not its name.
enum ImageFormat {

    PNG("\u0089PNG\r\n\u001A\n", "png") {
        @Override
        ImageFile open(byte[] bytes, long memory) throws IOException {
            var chunks = PngChunks.of(bytes);
            return ImageFile.of(reader("png", true), chunks.opaque(), chunks.orientation(), chunks.transparent(), memory);
        }
    },

    JPEG("\u00FF\u00D8\u00FF", "jpg", "jpeg", "jpe", "jfif") {
        @Override
        ImageFile open(byte[] bytes, long memory) throws IOException {
            var header = JpegHeader.of(bytes);
            return ImageFile.raw(reader("jpeg", header.deepTables()), bytes, header, memory);
        }
    },

    WEBP("RIFF????WEBP", "webp") {
        @Override
        ImageFile open(byte[] bytes, long memory) throws IOException {
            var chunks = WebpChunks.of(bytes);
            return ImageFile.of(reader("webp", false), chunks.withoutProfile(), chunks.orientation(), NONE, memory);
        }
    },

    /// Read whole, as the reader errs in strips. It takes no more memory than the file, unless rows are packed by length of runs.
    BMP("BM", "bmp", "dib") {
        @Override
        ImageFile open(byte[] bytes, long memory) throws IOException {
            var image = ImageFile.of(reader("bmp", false), bytes, Orientation.UPRIGHT, NONE, Long.MAX_VALUE);
            long pixels = (long) image.strips().width() * image.strips().height();
            if (bytes[BMP_PACKING] != 0 && bytes[BMP_PACKING] != BMP_MASKS && pixels > ImageDecoder.MOST_BYTES) {
                throw new IOException("expected at most " + ImageDecoder.MOST_BYTES + " packed pixels, found " + pixels);
            }
            return image;
        }
    };

    /// Bytes that tell which a file is.
    static final int LONGEST_START = 12;

    private static final int BMP_PACKING = 30; // where its kind is told: 0 = none
    private static final int SHOWN = 8; // bytes, in a message
    private static final int BMP_MASKS = 3; // none either
    private static final int[] NONE = {}; // no colour is transparent

    private final byte[] start; // '?' stands for any byte
    private final List<String> suffixes;

    ImageFormat(String start, String... suffixes) {
        this.start = start.getBytes(StandardCharsets.ISO_8859_1);
        this.suffixes = List.of(suffixes);
    }

    /// Opens the first image of a file.
    ///
    /// @param memory bytes of decoded pixels held at a time
    /// @throws IOException if it is damaged
    abstract ImageFile open(byte[] bytes, long memory) throws IOException;

    /// @param builtIn the JDK's own reader, or the other one
    private static ImageReader reader(String format, boolean builtIn) {
        var readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            var reader = readers.next();
            if (reader.getClass().getModule().isNamed() == builtIn) {
                return reader;
            }
            reader.dispose();
        }
        throw new IllegalStateException("the program was put together without a reader of " + format);
    }

    /// @throws IOException if it is none of them
    static ImageFormat of(byte[] bytes) throws IOException {
        return Stream.of(values()).filter(format -> format.begins(bytes)).findFirst().orElseThrow(() -> new IOException(bytes.length == 0
                ? "the file is empty"
                : "none of PNG, JPEG, WebP and BMP; it begins with the bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN)))));
    }

    /// Whether a file's name says that it is an image of a kind that is read.
    static boolean isNamed(String name) {
        String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return name.indexOf('.') >= 0 && Stream.of(values()).anyMatch(format -> format.suffixes.contains(suffix));
    }

    private boolean begins(byte[] bytes) {
        for (int i = 0; i < start.length; i++) {
            if (i >= bytes.length || start[i] != '?' && start[i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
