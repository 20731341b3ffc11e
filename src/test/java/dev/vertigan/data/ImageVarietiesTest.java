package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Decoded pixels are those of an independent decoder, for every kind of file that occurs: PNGs are made here from samples that are known,
/// others were written down with what PIL made of them (images.py). Each is read whole and in strips.
class ImageVarietiesTest {

    private static final int SIDE = 17;
    private static final long MANY = 1 << 30; // pixels
    private static final long WHOLE = 1 << 20;
    private static final long STRIPS = 1; // as few rows at a time as may be

    @TestFactory
    Stream<DynamicTest> filesArePixelsAsAnotherDecoderHasThem() throws IOException {
        var lines = new ArrayList<DynamicTest>();
        byte[] pixels = {};
        for (String line : resource("images.txt").lines().toList()) {
            String[] words = line.split(" ");
            byte[] file = Base64.getDecoder().decode(words[1]);
            pixels = words[2].equals("=") ? pixels : inflated(Base64.getDecoder().decode(words[2]));
            byte[] expected = pixels;
            lines.add(DynamicTest.dynamicTest(words[0], () -> holds(words[0], file, expected)));
        }
        assertEquals(86, lines.size());
        return lines.stream();
    }

    private static void holds(String name, byte[] file, byte[] expected) throws IOException {
        assertEquals(SIDE * SIDE * 3, expected.length);
        for (long memory : new long[] {WHOLE, STRIPS}) {
            byte[] found = new ImageDecoder(SIDE, 3, memory, MANY).decode(file);
            if (name.equals("webp-lossy")) { // the reader does not smooth colours as libwebp does
                near(expected, found, 2, 12);
            } else if (name.startsWith("jpeg")) {
                near(expected, found, 0.01, 1); // libjpeg's to the bit; products of inks are rounded here
            } else {
                assertArrayEquals(expected, found);
            }
        }
    }

    private static void near(byte[] expected, byte[] found, double mean, int most) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            int difference = Math.abs((expected[i] & 0xFF) - (found[i] & 0xFF));
            assertTrue(difference <= most, "value " + i + " is " + difference + " off");
            sum += difference;
        }
        assertTrue(sum / expected.length <= mean, "a value is " + sum / expected.length + " off on average");
    }

    private static String resource(String name) throws IOException {
        try (var in = ImageVarietiesTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static byte[] inflated(byte[] bytes) throws IOException {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    /// Every colour type and depth, with and without interlace, each row filter, a transparent colour, and chunks that tell of colours.
    @TestFactory
    Stream<DynamicTest> pngsAreTheirSamples() {
        var tests = new ArrayList<DynamicTest>();
        int[][] kinds = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1}, {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
        for (int[] kind : kinds) {
            for (boolean interlaced : new boolean[] {false, true}) {
                for (boolean key : kind[0] < 4 ? new boolean[] {false, true} : new boolean[] {false}) {
                    for (boolean told : new boolean[] {false, true}) {
                        var png = new Png(kind[0], kind[1], interlaced, key, told, SIDE, new Random(tests.size()));
                        tests.add(DynamicTest.dynamicTest(png.toString(), () -> {
                            for (long memory : new long[] {WHOLE, STRIPS}) {
                                assertArrayEquals(png.pixels(), new ImageDecoder(SIDE, 3, memory, MANY).decode(png.bytes()));
                            }
                        }));
                    }
                }
            }
        }
        return tests.stream();
    }

    /// The pixel that is at the top left once a picture stands upright, by Exif's own words (row 0 is the visual top, and so on).
    @Test
    void picturesAreTurnedAndThenCut() throws IOException {
        for (int[] size : new int[][] {{9, 6}, {6, 9}, {7, 12}, {12, 7}, {8, 8}}) {
            int width = size[0];
            int height = size[1];
            var image = Images.noise(width, height, 1);
            byte[] png = Images.encode(image, "png");
            for (int value = 0; value <= 9; value++) {
                for (var order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
                    boolean turned = value >= 5 && value <= 8;
                    int seenWidth = turned ? height : width;
                    int seenHeight = turned ? width : height;
                    int side = Math.min(width, height);
                    var expected = new byte[side * side * 3];
                    for (int y = 0; y < side; y++) {
                        for (int x = 0; x < side; x++) {
                            int[] place = stored(value, (seenWidth - side) / 2 + x, (seenHeight - side) / 2 + y, width, height);
                            int rgb = image.getRGB(place[0], place[1]);
                            int at = 3 * (y * side + x);
                            expected[at] = (byte) (rgb >> 16);
                            expected[at + 1] = (byte) (rgb >> 8);
                            expected[at + 2] = (byte) rgb;
                        }
                    }
                    byte[] marked = Png.withChunk(png, "eXIf", exif(value, order));
                    assertArrayEquals(expected, new ImageDecoder(side, 3).decode(marked), width + "×" + height + ", orientation " + value);
                }
            }
        }
    }

    /// Where the pixel that is seen at `(x, y)` is stored.
    private static int[] stored(int orientation, int x, int y, int width, int height) {
        return switch (orientation) {
            case 2 -> new int[] {width - 1 - x, y};
            case 3 -> new int[] {width - 1 - x, height - 1 - y};
            case 4 -> new int[] {x, height - 1 - y};
            case 5 -> new int[] {y, x};
            case 6 -> new int[] {y, height - 1 - x};
            case 7 -> new int[] {width - 1 - y, height - 1 - x};
            case 8 -> new int[] {width - 1 - y, x};
            default -> new int[] {x, y};
        };
    }

    private static byte[] exif(int orientation, ByteOrder order) {
        return ByteBuffer.allocate(26).order(order).putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4D4D : 0x4949)).putShort((short) 42).putInt(8)
                .putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0)
                .array();
    }

    /// Damaged notes of a camera are no reason to refuse its picture.
    @Test
    void damagedExifIsUpright() {
        byte[] exif = exif(6, ByteOrder.BIG_ENDIAN);
        assertEquals(Orientation.of(6), Orientation.ofExif(ByteBuffer.wrap(exif)));
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] damaged = Arrays.copyOf(exif, random.nextInt(exif.length + 1));
            for (int k = 0; k < 3 && damaged.length > 0; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Orientation.ofExif(ByteBuffer.wrap(damaged)); // anything but an exception
        }
    }

    /// A chessboard of single pixels is grey from afar, whichever pixels are taken together.
    @Test
    void whateverTheSizeNoPixelIsSkipped() throws IOException {
        for (int[] size : new int[][] {{64, 100_000}, {64, 300}, {6_000, 9_000_000}}) {
            int side = size[0];
            byte[] png = Png.chessboard(side);
            byte[] whole = new ImageDecoder(8, 1).decode(png);
            byte[] strips = new ImageDecoder(8, 1, size[1], MANY).decode(png);
            assertArrayEquals(whole, strips);
            for (byte level : whole) {
                assertEquals(127.5, level & 0xFF, side == 64 ? 3 : 1.5);
            }
        }
    }
}
