package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;

    @TempDir
    private Path folder;

    private final byte[] pixels = new byte[5 * 4 * 3];

    IdxTest() {
        new Random(1).nextBytes(pixels);
    }

    @Test
    void readsWhatWasWrittenCompressedOrNot() throws IOException {
        byte[] content = Images.idx(pixels, IMAGES, 5, 4, 3);
        for (byte[] bytes : new byte[][] {content, gzip(content)}) {
            var images = Idx.images(file(bytes)); // told apart by content, whatever the name
            assertEquals(5, images.count());
            assertEquals(4, images.height());
            assertEquals(3, images.width());
            assertArrayEquals(pixels, images.pixels());
        }
        assertArrayEquals(new byte[] {0, 9, 4}, Idx.labels(file(gzip(Images.idx(new byte[] {0, 9, 4}, LABELS, 3))), 10));
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] content = Images.idx(pixels, IMAGES, 5, 4, 3);
        byte[] packed = gzip(content);
        for (int length = 0; length < content.length; length++) {
            refused(Arrays.copyOf(content, length), "");
        }
        for (int length = 0; length < packed.length; length++) {
            refused(Arrays.copyOf(packed, length), "");
        }
        refused(Arrays.copyOf(packed, packed.length - 12), "cut short");
        refused(Arrays.copyOf(content, 10), "cut short");
    }

    @Test
    void damageOfCompressedContentIsFoundUnlessHarmless() throws IOException {
        byte[] packed = gzip(Images.idx(pixels, IMAGES, 5, 4, 3));
        for (int i = 10; i < packed.length; i++) { // the ten bytes before are gzip's own header
            byte[] damaged = packed.clone();
            damaged[i] ^= 0x10;
            Path file = file(damaged);
            try {
                assertArrayEquals(pixels, Idx.images(file).pixels(), "a flipped bit that pads is harmless");
            } catch (UserError e) {
                assertTrue(e.getMessage().contains(file.toString()));
            }
        }
    }

    @Test
    void trailingBytesAreFound() throws IOException {
        byte[] longer = Arrays.copyOf(Images.idx(pixels, IMAGES, 5, 4, 3), 16 + pixels.length + 1);
        refused(longer, "end after 60 bytes");
        refused(gzip(longer), "end after 60 bytes");
    }

    @Test
    void aHeaderThatPromisesTooMuchCostsNoMemory() throws IOException {
        int most = Integer.MAX_VALUE;
        for (int[] extents : new int[][] {{most, most, most}, {65536, 65536, 1}, {60000, 28, 28}, {most - 9, 1, 1}}) {
            refused(Images.idx(pixels, IMAGES, extents), "promises");
            refused(gzip(Images.idx(pixels, IMAGES, extents)), "promises");
        }
        byte[] zeros = gzip(Images.idx(new byte[1 << 20], IMAGES, 257, 64, 64)); // plausible for its size, but not true
        refused(zeros, "found only 1048576");
    }

    /// A few hundred kilobytes of gzip can hold what no heap does.
    @Test
    void whatWouldFillTheHeapIsRefusedBeforeItIsRead() throws IOException {
        int tooMuch = (int) (Runtime.getRuntime().maxMemory() / 4 / 1000) + 1;
        byte[] noise = new byte[tooMuch]; // that gzip cannot make smaller: the file could hold a thousand times as much
        new Random(1).nextBytes(noise);
        refused(gzip(Images.idx(noise, IMAGES, tooMuch, 1000, 1)), "a quarter of the heap");
    }

    @Test
    void whatIsNoIdxFileIsRefused() throws IOException {
        refused("<html>Not found</html>".getBytes(), "magic 0x00000803, found 0x3C68746D");
        refused(Images.idx(pixels, 0x00000D03, 5, 4, 3), "magic"); // floats
        refused(Images.idx(pixels, LABELS, 60), "magic");
        refused(Images.idx(new byte[0], IMAGES, 0, 28, 28), "dimension 0");
        refused(Images.idx(pixels, IMAGES, 5, -4, 3), "dimension 1");
        String message = assertThrows(UserError.class, () -> Idx.images(folder.resolve("absent"))).getMessage();
        assertTrue(message.contains("absent"), message);
    }

    @Test
    void labelsOutOfRangeAreRefused() throws IOException {
        Path file = file(Images.idx(new byte[] {1, 2, 10}, LABELS, 3));
        String message = assertThrows(UserError.class, () -> Idx.labels(file, 10)).getMessage();
        assertTrue(message.contains("0 to 9") && message.contains("10 at place 2"), message);
    }

    @Test
    void imagesAndLabelsMustBelongTogether() throws IOException {
        Path images = Files.write(folder.resolve("images"), Images.idx(pixels, IMAGES, 5, 4, 3));
        Path labels = Files.write(folder.resolve("labels"), Images.idx(new byte[4], LABELS, 4));
        String message = assertThrows(UserError.class, () -> new IdxImages("x", images, labels, 10)).getMessage();
        assertTrue(message.contains("5 images") && message.contains("4 labels"), message);
    }

    @Test
    void samplesAreTheFilesPixels() throws IOException {
        Path images = Files.write(folder.resolve("images"), Images.idx(pixels, IMAGES, 5, 4, 3));
        Path labels = Files.write(folder.resolve("labels"), Images.idx(new byte[] {3, 1, 4, 1, 5}, LABELS, 5));
        var data = new IdxImages("x", images, labels, 10);
        assertArrayEquals(new int[] {4, 3, 1}, data.shape());
        assertEquals(12, data.features());
        float[] sample = new float[14];
        for (int index = 0; index < 5; index++) {
            data.read(index, sample, 1);
            for (int i = 0; i < 12; i++) {
                assertEquals((pixels[12 * index + i] & 0xFF) / 255f, sample[1 + i]);
            }
        }
        assertEquals(4, data.label(2));
        assertThrows(IndexOutOfBoundsException.class, () -> data.read(5, sample, 0));
    }

    @Test
    void realMnistIsWhatItIsKnownToBe() {
        Path mnist = RealData.mnist();
        var train = IdxArchive.MNIST.open(Split.TRAIN, mnist, new Downloads(), Downloads.Progress.NONE);
        var test = IdxArchive.MNIST.open(Split.TEST, mnist.getParent(), new Downloads(), Downloads.Progress.NONE); // found in its sub-folder
        assertEquals(60_000, train.size());
        assertEquals(10_000, test.size());
        assertArrayEquals(new int[] {28, 28, 1}, train.shape());
        assertEquals(5, train.label(0));
        assertEquals(7, test.label(0));
        assertEquals(0.1307, Arrays.stream(Marginals.means(train, 60_000)).average().orElseThrow(), 1e-4, "MNIST's well-known mean");
    }

    private void refused(byte[] bytes, String says) throws IOException {
        Path file = file(bytes);
        String message = assertThrows(UserError.class, () -> Idx.images(file)).getMessage();
        assertTrue(message.contains(says) && message.contains(file.toString()), message);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("data"), bytes);
    }

    static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
