package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void anImageOfTheWantedSizeIsItsPixels(String format) throws IOException {
        byte[] file = Images.encode(Images.noise(16, 16, 1), format);
        var image = ImageIO.read(new ByteArrayInputStream(file));
        byte[] found = decode(file, 16, 3);
        byte[] grey = decode(file, 16, 1);
        for (int i = 0; i < 256; i++) {
            int rgb = image.getRGB(i % 16, i / 16);
            int red = rgb >> 16 & 0xFF;
            int green = rgb >> 8 & 0xFF;
            int blue = rgb & 0xFF;
            assertArrayEquals(new byte[] {(byte) red, (byte) green, (byte) blue}, Arrays.copyOfRange(found, 3 * i, 3 * i + 3));
            assertEquals(0.299 * red + 0.587 * green + 0.114 * blue, grey[i] & 0xFF, 0.501);
        }
    }

    @Test
    void greyLevelsAreKeptInGreyAndInColour() throws IOException {
        var image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        var levels = new byte[256];
        for (int i = 0; i < 256; i++) {
            image.getRaster().setSample(i % 16, i / 16, 0, i);
            levels[i] = (byte) i;
        }
        byte[] file = Images.encode(image, "png");
        assertArrayEquals(levels, decode(file, 16, 1));
        byte[] colour = decode(file, 16, 3);
        for (int i = 0; i < colour.length; i++) {
            assertEquals(levels[i / 3], colour[i]);
        }
    }

    @Test
    void palettesAreColours() {
        var image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_INDEXED); // Java2D's own palette: multiples of 51
        int[] colours = {0xFF0000, 0x00FF00, 0x0000FF, 0x3366CC};
        for (int i = 0; i < 16; i++) {
            image.setRGB(i % 4, i / 4, 0xFF000000 | colours[i % 4]);
        }
        holds(decode(Images.encode(image, "png"), 4, 3), colours);

        var two = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_BINARY);
        two.setRGB(2, 0, 0xFFFFFFFF);
        holds(decode(Images.encode(two, "png"), 4, 3), 0, 0, 0xFFFFFF, 0);
    }

    @Test
    void sixteenBitsAreRoundedToEight() {
        var grey = new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY);
        int[] deep = {0, 0xFFFF, 0x8000, 0x3412};
        for (int i = 0; i < 4; i++) {
            grey.getRaster().setSample(i, 0, 0, deep[i]);
        }
        holds(decode(Images.encode(grey, "png"), 4, 3), 0, 0xFFFFFF, 0x808080, 0x343434);

        var model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        var colour = new BufferedImage(model, model.createCompatibleWritableRaster(4, 4), false, null);
        colour.getRaster().setPixel(1, 0, new int[] {0xFFFF, 0x8000, 0x0101});
        holds(decode(Images.encode(colour, "png"), 4, 3), 0, 0xFF8001);
    }

    @Test
    void whatIsTransparentIsLaidOverWhite() {
        var image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
        int[] colours = {0x00123456, 0xFF123456, 0x80000000, 0x33FF0000};
        for (int i = 0; i < 4; i++) {
            image.setRGB(i, 0, colours[i]);
        }
        holds(decode(Images.encode(image, "png"), 4, 3), 0xFFFFFF, 0x123456, 0x7F7F7F, 0xFFCCCC);

        var model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, Transparency.TRANSLUCENT, DataBuffer.TYPE_BYTE);
        var grey = new BufferedImage(model, model.createCompatibleWritableRaster(4, 4), false, null);
        grey.getRaster().setPixel(0, 0, new int[] {100, 255});
        grey.getRaster().setPixel(1, 0, new int[] {100, 0});
        grey.getRaster().setPixel(2, 0, new int[] {0, 51});
        holds(decode(Images.encode(grey, "png"), 4, 3), 0x646464, 0xFFFFFF, 0xCCCCCC);
    }

    /// As Photoshop writes it, inverted: 255 is no ink.
    @Test
    void fourInksAreColours() throws IOException {
        var inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        for (int i = 0; i < 256; i++) {
            inks.setPixel(i % 16, i / 16, new int[] {200, 100, 50, 230});
        }
        byte[] colour = decode(adobe(jpeg(inks)), 8, 3);
        assertEquals(200 * 230 / 255.0, colour[0] & 0xFF, 2);
        assertEquals(100 * 230 / 255.0, colour[1] & 0xFF, 2);
        assertEquals(50 * 230 / 255.0, colour[2] & 0xFF, 2);
    }

    private static byte[] jpeg(Raster raster) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), null);
        }
        return bytes.toByteArray();
    }

    /// With Adobe's marker, which says that the inks are plain.
    private static byte[] adobe(byte[] jpeg) {
        byte[] marker = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
        byte[] marked = new byte[jpeg.length + marker.length];
        System.arraycopy(jpeg, 0, marked, 0, 2);
        System.arraycopy(marker, 0, marked, 2, marker.length);
        System.arraycopy(jpeg, 2, marked, 2 + marker.length, jpeg.length - 2);
        return marked;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, 12, 31, 64, 100})
    void oneColourStaysThatColourAtAnySize(int size) {
        for (int[] shape : new int[][] {{size, size}, {size, 2 * size + 1}, {200, size}}) {
            var image = new BufferedImage(shape[0], shape[1], BufferedImage.TYPE_3BYTE_BGR);
            for (int i = 0; i < shape[0] * shape[1]; i++) {
                image.setRGB(i % shape[0], i / shape[0], 0xFF1287FE);
            }
            byte[] found = decode(Images.encode(image, "png"), 8, 3);
            for (int i = 0; i < found.length; i++) {
                assertEquals(new int[] {0x12, 0x87, 0xFE}[i % 3], found[i] & 0xFF);
            }
        }
    }

    @Test
    void theMiddleSquareIsTaken() {
        for (boolean wide : new boolean[] {true, false}) {
            var image = new BufferedImage(wide ? 32 : 8, wide ? 8 : 32, BufferedImage.TYPE_BYTE_GRAY);
            for (int along = 0; along < 32; along++) {
                for (int across = 0; across < 8; across++) {
                    image.getRaster().setSample(wide ? along : across, wide ? across : along, 0, 8 * along);
                }
            }
            byte[] found = decode(Images.encode(image, "png"), 8, 1);
            for (int i = 0; i < 64; i++) {
                assertEquals(8 * (12 + (wide ? i % 8 : i / 8)), found[i] & 0xFF);
            }
        }
    }

    /// Every pixel of the original counts: what takes one in four would see one colour of a chessboard only.
    @Test
    void shrinkingAveragesAndGradientsStayStraight() {
        var image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 64 * 64; i++) {
            int x = i % 64;
            int y = i / 64;
            image.getRaster().setPixel(x, y, new int[] {(x + y) % 2 * 255, 2 * x + 50, 3 * y + 30});
        }
        byte[] found = decode(Images.encode(image, "png"), 16, 3);
        for (int y = 3; y < 13; y++) {
            for (int x = 3; x < 13; x++) {
                int at = 3 * (16 * y + x);
                assertEquals(127.5, found[at] & 0xFF, 2);
                assertEquals(2 * (4 * x + 1.5) + 50, found[at + 1] & 0xFF, 1);
                assertEquals(3 * (4 * y + 1.5) + 30, found[at + 2] & 0xFF, 1);
            }
        }
    }

    @Test
    void aLargeImageHasItsHalves() {
        var image = new BufferedImage(6000, 6000, BufferedImage.TYPE_BYTE_BINARY);
        var graphics = image.createGraphics();
        graphics.fillRect(0, 0, 3000, 6000);
        graphics.dispose();
        byte[] found = decode(Images.encode(image, "png"), 6, 1);
        for (int i = 0; i < 36; i++) {
            assertEquals(i % 6 < 3 ? 255 : 0, found[i] & 0xFF, 30); // the cubic overshoots next to the edge
        }
    }

    /// A row is held whole, so one of a billion pixels is refused before it is.
    @Test
    void whatIsFarTooWideIsRefused() {
        byte[] png = Images.encode(Images.noise(8, 8, 1), "png");
        var header = ByteBuffer.wrap(png).putInt(16, 1 << 28).putInt(20, 1);
        var checksum = new CRC32();
        checksum.update(png, 12, 17);
        header.putInt(29, (int) checksum.getValue());
        refused(png, "65536 a side, found 268435456 × 1");
    }

    @Test
    void everyTruncationIsFound() {
        for (String format : new String[] {"png", "jpeg"}) {
            byte[] whole = Images.encode(Images.noise(9, 7, 1), format);
            for (int length = 0; length < whole.length; length++) {
                refused(Arrays.copyOf(whole, length), "");
            }
            refused(Arrays.copyOf(whole, whole.length - 20), "cut short");
        }
        refused(new byte[0], "empty");
    }

    @Test
    void everyFlippedBitOfAPngIsFound() {
        byte[] whole = Images.encode(Images.noise(9, 7, 1), "png");
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            refused(damaged, "");
        }
    }

    /// A JPEG has no checksums, so some damage looks like another image; but nothing else than an error or an image comes of it.
    @Test
    void aDamagedJpegIsAnotherImageOrRefused() {
        byte[] whole = Images.encode(Images.noise(40, 30, 1), "jpeg");
        var random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] = (byte) random.nextInt(256);
            try {
                assertEquals(8 * 8 * 3, decode(damaged, 8, 3).length);
            } catch (UserError e) {
                assertTrue(e.getMessage().startsWith(folder.resolve("image") + ": expected an image"), e.getMessage());
            }
        }
    }

    @Test
    void whatIsNoImageIsRefusedByName() {
        refused("<html>Not found</html>".getBytes(StandardCharsets.UTF_8), "none of PNG, JPEG, WebP and BMP; it begins with the bytes 3c 68 74 6d");
        refused(Images.encode(new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_BINARY), "gif"), "none of PNG, JPEG, WebP and BMP");
        var absent = folder.resolve("absent.png");
        String message = assertThrows(UserError.class, () -> decode(absent, 8, 3)).getMessage();
        assertTrue(message.startsWith(absent.toString()), message);
        assertThrows(UserError.class, () -> decode(folder, 8, 3), "a folder");
    }

    private static void holds(byte[] found, int... colours) {
        for (int i = 0; i < colours.length; i++) {
            int colour = (found[3 * i] & 0xFF) << 16 | (found[3 * i + 1] & 0xFF) << 8 | found[3 * i + 2] & 0xFF;
            assertEquals(Integer.toHexString(colours[i]), Integer.toHexString(colour), "pixel " + i);
        }
    }

    private byte[] decode(byte[] bytes, int extent, int channels) {
        return decode(Images.write(folder.resolve("image"), bytes), extent, channels);
    }

    private static byte[] decode(Path file, int extent, int channels) {
        return new ImageDecoder(extent, channels).decode(file.toString(), new FileTree.Stored(file));
    }

    /// Of a file that is a small one's first bytes and then goes on, as a packed one may, no more is read than an image may have; of one that is no
    /// image, nothing.
    @Test
    void whatUnpacksForEverIsRefused() {
        var read = new AtomicLong();
        for (byte[] start : new byte[][] {new byte[12], {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 0, 0, 0, 0, 0, 0, 0}}) {
            var endless = new InputStream() {

                @Override
                public int read() {
                    long at = read.getAndIncrement();
                    return at < start.length ? start[(int) at] & 0xFF : 0;
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    int first = (int) Math.min(length, Math.max(0, start.length - read.get()));
                    System.arraycopy(start, first == 0 ? 0 : (int) read.get(), target, offset, first);
                    Arrays.fill(target, offset + first, offset + length, (byte) 0);
                    read.addAndGet(length);
                    return length;
                }
            };
            read.set(0);
            String message = assertThrows(UserError.class, () -> new ImageDecoder(8, 3).decode("bomb.zip/1.jpg", new FileTree.Content() {

                @Override
                public long size() {
                    return 100;
                }

                @Override
                public InputStream open() {
                    return endless;
                }
            })).getMessage();
            assertTrue(message.startsWith("bomb.zip/1.jpg: expected an image"), message);
            assertTrue(start[0] == 0 ? read.get() == 12 : message.contains("expected at most 134217728 bytes, found more"), message);
        }
    }

    private void refused(byte[] bytes, String says) {
        Path file = Images.write(folder.resolve("image"), bytes);
        String message = assertThrows(UserError.class, () -> decode(file, 8, 3), () -> bytes.length + " bytes").getMessage();
        assertTrue(message.startsWith(file + ": expected an image") && message.contains(says) && message.contains("put a good copy"), message);
        assertTrue(Files.exists(file));
    }
}
