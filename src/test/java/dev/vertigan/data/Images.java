package dev.vertigan.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/// Image files for tests, made on the spot.
public final class Images {

    private Images() {}

    /// Noise in colour.
    public static BufferedImage noise(int width, int height, long seed) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        var random = new Random(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    /// @param format png or jpeg
    public static byte[] encode(BufferedImage image, String format) {
        var bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new AssertionError("nobody writes " + image + " as " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// Writes a file and the folders it lies in.
    public static Path write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes files into a new .zip archive, in the order given.
    static Path zip(Path archive, Map<String, byte[]> files) throws IOException {
        try (var zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            files.forEach((name, bytes) -> write(zip.getPath("/" + name), bytes));
        }
        return archive;
    }

    /// The bytes of an IDX file.
    ///
    /// @param magic `00 00 08 rank`
    public static byte[] idx(byte[] content, int magic, int... extents) {
        var bytes = ByteBuffer.allocate(4 + 4 * extents.length + content.length).putInt(magic);
        for (int extent : extents) {
            bytes.putInt(extent);
        }
        return bytes.put(content).array();
    }
}
