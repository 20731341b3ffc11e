package dev.vertigan.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.values.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PicturesTest {

    private static final int HEIGHT = 3;
    private static final int WIDTH = 2;
    private static final int GAP = 2;

    /// Values of which each is found at one place only: channels last.
    @Test
    void everyPixelIsWhereItBelongsInItsColour() throws IOException {
        for (int channels : new int[] {1, 3}) {
            for (float low : new float[] {0, -1}) {
                var samples = new float[5 * HEIGHT * WIDTH * channels];
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = low + (1 - low) * level(i) / 255f;
                }
                var grid = picture(channels, samples, low);
                assertEquals(3 * (WIDTH + GAP) - GAP, grid.getWidth());
                assertEquals(2 * (HEIGHT + GAP) - GAP, grid.getHeight());
                for (int i = 0; i < samples.length; i++) {
                    int pixel = i / channels;
                    int image = pixel / (HEIGHT * WIDTH);
                    int x = image % 3 * (WIDTH + GAP) + pixel % WIDTH;
                    int y = image / 3 * (HEIGHT + GAP) + pixel / WIDTH % HEIGHT;
                    assertEquals(level(i), grid.getRaster().getSample(x, y, i % channels), "value " + i + " of " + channels + " channels");
                    if (channels == 3) {
                        assertEquals(level(i), grid.getRGB(x, y) >> 8 * (2 - i % 3) & 0xFF, "red, green, blue");
                    }
                }
            }
        }
    }

    @Test
    void aClassHasAColumn() throws IOException {
        var picture = Pictures.of(Form.of(new Images(1, 0)), new float[10 * HEIGHT * WIDTH], 5, Picture.Source.FAKE, 7);
        assertEquals(5 * (WIDTH + GAP) - GAP, picture.width());
        assertEquals(2 * (HEIGHT + GAP) - GAP, picture.height());
    }

    @Test
    void valuesBeyondBlackAndWhiteAreBlackAndWhite() throws IOException {
        var grid = picture(1, new float[] {-5, 1.5f, 0.5f, 0, 1, 2}, 0);
        assertEquals(0, grid.getRaster().getSample(0, 0, 0));
        assertEquals(255, grid.getRaster().getSample(1, 0, 0));
    }

    private static int level(int i) {
        return i * 37 % 256;
    }

    private static BufferedImage picture(int channels, float[] samples, float low) throws IOException {
        var picture = Pictures.of(new Images(channels, low), samples, Picture.Source.FAKE, 7);
        assertEquals(Picture.Format.PNG, picture.format());
        return ImageIO.read(new ByteArrayInputStream(picture.bytes()));
    }

    /// A data set that is its shape.
    private record Images(int channels, float black) implements Dataset {

        @Override
        public String name() {
            return "images";
        }

        @Override
        public Kind kind() {
            return Kind.IMAGE;
        }

        @Override
        public int[] shape() {
            return new int[] {HEIGHT, WIDTH, channels};
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public void read(long index, float[] target, int offset) {
            throw new UnsupportedOperationException();
        }
    }
}
