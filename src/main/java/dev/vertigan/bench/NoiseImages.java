package dev.vertigan.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/// Grey noise as a folder of images: what time a turn takes does not depend on what is learnt.
final class NoiseImages {

    private static final int COUNT = 512;

    private NoiseImages() {}

    /// @param folder made if there is none
    /// @param extent pixels a side
    static void write(Path folder, int extent) {
        var random = new Random(1);
        var image = new BufferedImage(extent, extent, BufferedImage.TYPE_BYTE_GRAY);
        var pixels = new byte[extent * extent];
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < COUNT; i++) {
                random.nextBytes(pixels);
                image.getRaster().setDataElements(0, 0, extent, extent, pixels);
                ImageIO.write(image, "png", folder.resolve(String.format(Locale.ROOT, "%03d.png", i)).toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
