package dev.vertigan.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// PNG files made from random samples after the standard (ISO/IEC 15948), so that their pixels are known without a decoder.
///
/// @param type of colours: 0 = grey, 2 = red, green, blue, 3 = a palette, 4 = grey and opacity, 6 = all four
/// @param depth bits of a sample
/// @param key whether a colour is transparent, or the palette's colours are in part
/// @param told whether chunks tell of gamma and chromaticities, which are ignored
/// @param samples `[side, side, samples of a pixel]`
/// @param palette red, green, blue and opacity of each colour
record Png(int type, int depth, boolean interlaced, boolean key, boolean told, int side, int[] samples, int[][] palette) {

    private static final int[] SAMPLES = {1, 0, 3, 1, 2, 0, 4}; // of a pixel, by type
    private static final int[][] PASSES = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}; // Adam7

    Png(int type, int depth, boolean interlaced, boolean key, boolean told, int side, Random random) {
        this(type, depth, interlaced, key, told, side, random.ints((long) side * side * SAMPLES[type], 0, 1 << depth).toArray(),
                random.ints(1 << Math.min(8, depth)).mapToObj(rgba -> new int[] {rgba >>> 24, rgba >> 16 & 0xFF, rgba >> 8 & 0xFF, rgba & 0xFF})
                        .toArray(int[][]::new));
    }

    /// `[side, side, 3]`, with what is transparent laid over white.
    byte[] pixels() {
        int count = SAMPLES[type];
        var pixels = new byte[side * side * 3];
        for (int i = 0; i < side * side; i++) {
            int[] sample = Arrays.copyOfRange(samples, i * count, (i + 1) * count);
            int[] rgb = switch (type) {
                case 0, 4 -> new int[] {level(sample[0]), level(sample[0]), level(sample[0])};
                case 3 -> palette[sample[0]];
                default -> new int[] {level(sample[0]), level(sample[1]), level(sample[2])};
            };
            int opacity = switch (type) {
                case 3 -> key ? palette[sample[0]][3] : 255;
                case 4, 6 -> level(sample[count - 1]);
                default -> key && Arrays.equals(sample, transparent()) ? 0 : 255;
            };
            for (int channel = 0; channel < 3; channel++) {
                pixels[3 * i + channel] = (byte) Math.round(rgb[channel] * (opacity / 255f) + 255 * (1 - opacity / 255f));
            }
        }
        return pixels;
    }

    private int level(int sample) {
        return depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
    }

    /// The first pixel's colour.
    private int[] transparent() {
        return Arrays.copyOf(samples, SAMPLES[type]);
    }

    byte[] bytes() {
        var file = begin(side, depth, type, interlaced);
        if (told) {
            chunk(file, "gAMA", ByteBuffer.allocate(4).putInt(100_000).array());
            chunk(file, "cHRM", ByteBuffer.allocate(32).putInt(31_270).putInt(32_900).putInt(70_800).putInt(29_200).putInt(17_000).putInt(79_700)
                    .putInt(13_100).putInt(4_600).array());
        }
        if (type == 3) {
            var colours = new ByteArrayOutputStream();
            var opacities = new ByteArrayOutputStream();
            for (int[] rgba : palette) {
                colours.write(rgba[0]);
                colours.write(rgba[1]);
                colours.write(rgba[2]);
                opacities.write(rgba[3]);
            }
            chunk(file, "PLTE", colours.toByteArray());
            if (key) {
                chunk(file, "tRNS", opacities.toByteArray());
            }
        } else if (key) {
            var colour = ByteBuffer.allocate(2 * SAMPLES[type]);
            Arrays.stream(transparent()).forEach(sample -> colour.putShort((short) sample));
            chunk(file, "tRNS", colour.array());
        }
        var rows = new ByteArrayOutputStream();
        for (int[] pass : interlaced ? PASSES : new int[][] {{0, 0, 1, 1}}) {
            pass(rows, pass[0], pass[1], pass[2], pass[3]);
        }
        return end(file, rows.toByteArray());
    }

    /// Each row under another filter.
    private void pass(ByteArrayOutputStream rows, int left, int top, int across, int down) {
        int count = SAMPLES[type];
        int width = (side - left + across - 1) / across;
        int length = (width * count * depth + 7) / 8;
        int pixel = Math.max(1, count * depth / 8);
        byte[] above = new byte[length];
        for (int y = top; y < side && width > 0; y += down) {
            byte[] row = new byte[length];
            for (int i = 0; i < width * count; i++) {
                int sample = samples[(y * side + left + i / count * across) * count + i % count];
                for (int bit = 0; bit < depth; bit++) {
                    int at = i * depth + bit;
                    row[at / 8] |= (byte) ((sample >> depth - 1 - bit & 1) << 7 - at % 8);
                }
            }
            int filter = y / down % 5;
            rows.write(filter);
            for (int i = 0; i < length; i++) {
                int a = i < pixel ? 0 : row[i - pixel] & 0xFF;
                int b = above[i] & 0xFF;
                int c = i < pixel ? 0 : above[i - pixel] & 0xFF;
                rows.write(row[i] - switch (filter) {
                    case 1 -> a;
                    case 2 -> b;
                    case 3 -> (a + b) / 2;
                    case 4 -> paeth(a, b, c);
                    default -> 0;
                });
            }
            above = row;
        }
    }

    private static int paeth(int a, int b, int c) {
        int fromA = Math.abs(b - c);
        int fromB = Math.abs(a - c);
        int fromC = Math.abs(a + b - 2 * c);
        return fromA <= fromB && fromA <= fromC ? a : fromB <= fromC ? b : c;
    }

    @Override
    public String toString() {
        return "type %d, %d bits%s%s%s".formatted(type, depth, interlaced ? ", interlaced" : "", key ? ", transparency" : "", told ? ", gamma" : "");
    }

    /// Black and white pixels in turn, one bit each.
    static byte[] chessboard(int side) {
        int length = side / 8;
        byte[] rows = new byte[side * (1 + length)];
        for (int y = 0; y < side; y++) {
            Arrays.fill(rows, y * (1 + length) + 1, (y + 1) * (1 + length), (byte) (y % 2 == 0 ? 0x55 : 0xAA));
        }
        return end(begin(side, 1, 0, false), rows);
    }

    /// A chunk after the first.
    static byte[] withChunk(byte[] png, String type, byte[] data) {
        int first = 33;
        var file = new ByteArrayOutputStream();
        file.write(png, 0, first);
        chunk(file, type, data);
        file.write(png, first, png.length - first);
        return file.toByteArray();
    }

    private static ByteArrayOutputStream begin(int side, int depth, int type, boolean interlaced) {
        var file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(side).putInt(side).put((byte) depth).put((byte) type).put((byte) 0).put((byte) 0)
                .put((byte) (interlaced ? 1 : 0)).array());
        return file;
    }

    private static byte[] end(ByteArrayOutputStream file, byte[] rows) {
        var deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        byte[] packed = new byte[rows.length + 1_000];
        int length = deflater.deflate(packed);
        deflater.end();
        chunk(file, "IDAT", Arrays.copyOf(packed, length));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) {
        byte[] content = ByteBuffer.allocate(4 + data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
        var checksum = new CRC32();
        checksum.update(content);
        file.writeBytes(ByteBuffer.allocate(8 + content.length).putInt(data.length).put(content).putInt((int) checksum.getValue()).array());
    }
}
