package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {

    private static final int RECORDS = 3;
    private static final int RECORD = 3073;
    private static final String ARCHIVE = "cifar-10-binary.tar.gz";

    /// As the original, but of three images a file, and nowhere to be had.
    private static final Cifar10 SMALL = new Cifar10(RECORDS, new Downloads.RemoteFile(ARCHIVE, 1, "00", List.of()));

    @TempDir
    private Path folder;

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /// In an order that is not the names'.
    Cifar10Test() {
        var random = new Random(1);
        for (String name : List.of("data_batch_1.bin", "data_batch_5.bin", "data_batch_3.bin", "test_batch.bin", "data_batch_2.bin",
                "data_batch_4.bin")) {
            byte[] content = new byte[RECORDS * RECORD];
            random.nextBytes(content);
            for (int i = 0; i < RECORDS; i++) {
                content[i * RECORD] = (byte) random.nextInt(10);
            }
            files.put(name, content);
        }
    }

    @Test
    void samplesAreThePlanesInterleavedFromFilesAndArchiveAlike() throws IOException {
        for (String sub : List.of("", "cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin")) {
            Path place = folder.resolve("unpacked" + sub.length()).resolve(sub);
            Files.createDirectories(place);
            files.forEach((name, content) -> write(place.resolve(name), content));
            theseFiles(folder.resolve("unpacked" + sub.length()));
        }
        for (String sub : List.of("", "cifar10")) {
            Path place = Files.createDirectories(folder.resolve("packed" + sub.length()).resolve(sub));
            write(place.resolve(ARCHIVE), archive(files));
            theseFiles(folder.resolve("packed" + sub.length()));
        }
    }

    private void theseFiles(Path root) {
        var train = open(Split.TRAIN, root);
        assertEquals("cifar10", train.name());
        assertEquals(5 * RECORDS, train.size());
        assertEquals(10, train.classes());
        assertArrayEquals(new int[] {32, 32, 3}, train.shape());
        for (int file = 0; file < 5; file++) {
            holds(train, file * RECORDS, files.get("data_batch_" + (file + 1) + ".bin"));
        }
        var test = open(Split.TEST, root);
        assertEquals(RECORDS, test.size());
        holds(test, 0, files.get("test_batch.bin"));
        assertThrows(IndexOutOfBoundsException.class, () -> test.read(RECORDS, new float[3072], 0));
        assertThrows(IndexOutOfBoundsException.class, () -> test.label(1L << 32));
    }

    private static void holds(Dataset data, int first, byte[] content) {
        var sample = new float[3072 + 2];
        for (int i = 0; i < RECORDS; i++) {
            assertEquals(content[i * RECORD], data.label(first + i));
            data.read(first + i, sample, 1);
            for (int channel = 0; channel < 3; channel++) {
                for (int pixel = 0; pixel < 1024; pixel++) {
                    float expected = (content[i * RECORD + 1 + 1024 * channel + pixel] & 0xFF) / 255f;
                    assertEquals(expected, sample[1 + 3 * pixel + channel]);
                }
            }
        }
    }

    @Test
    void filesOfAnotherSizeAreRefused() {
        for (int size : new int[] {0, 1, RECORD, RECORDS * RECORD - 1, RECORDS * RECORD + 1}) {
            var other = new LinkedHashMap<>(files);
            other.put("test_batch.bin", Arrays.copyOf(files.get("test_batch.bin"), size));
            other.forEach((name, content) -> write(folder.resolve(name), content));
            refused(Split.TEST, "test_batch.bin", "expected 9219 bytes (3 images), found " + size);
            open(Split.TRAIN, folder); // which does not need it
        }
    }

    @Test
    void aMissingFileIsNamed() {
        files.forEach((name, content) -> write(folder.resolve(name), content));
        assertTrue(folder.resolve("data_batch_4.bin").toFile().delete());
        refused(Split.TRAIN, "data_batch_4.bin", "beside the other files");
    }

    @Test
    void labelsOutOfRangeAreRefused() throws IOException {
        files.get("data_batch_3.bin")[2 * RECORD] = 10;
        write(folder.resolve(ARCHIVE), archive(files));
        refused(Split.TRAIN, ARCHIVE, "data_batch_3.bin in it: expected labels from 0 to 9, found 10 at image 2");
        files.forEach((name, content) -> write(folder.resolve(name), content));
        refused(Split.TRAIN, "data_batch_3.bin", "expected labels from 0 to 9, found 10 at image 2");
    }

    @Test
    void truncationsAndDamageOfTheArchiveAreFound() throws IOException {
        byte[] whole = archive(files);
        for (int length = 0; length < whole.length; length += length < 50 || length > whole.length - 50 ? 1 : 997) {
            write(folder.resolve(ARCHIVE), Arrays.copyOf(whole, length));
            refused(Split.TRAIN, ARCHIVE, "");
        }
        var random = new Random(2);
        for (int i = 0; i < 50; i++) {
            byte[] damaged = whole.clone();
            damaged[10 + random.nextInt(whole.length - 10)] ^= (byte) (1 << random.nextInt(8)); // behind gzip's own header
            write(folder.resolve(ARCHIVE), damaged);
            refused(Split.TRAIN, ARCHIVE, "");
        }
    }

    @Test
    void anArchiveOfOtherThingsIsRefused() throws IOException {
        write(folder.resolve(ARCHIVE), "<html>Not found</html>".getBytes(StandardCharsets.UTF_8));
        refused(Split.TRAIN, ARCHIVE, "GZIP");
        files.remove("data_batch_5.bin");
        write(folder.resolve(ARCHIVE), archive(files));
        refused(Split.TRAIN, ARCHIVE, "expected data_batch_5.bin in it, found none");
        files.put("data_batch_5.bin", new byte[RECORD]);
        write(folder.resolve(ARCHIVE), archive(files));
        refused(Split.TRAIN, ARCHIVE, "data_batch_5.bin in it: expected 9219 bytes");
    }

    @Test
    void anArchiveThatUnpacksToMoreThanItsImagesIsRefused() throws IOException {
        files.put("zeros", new byte[2 << 20]);
        write(folder.resolve(ARCHIVE), archive(files));
        refused(Split.TRAIN, ARCHIVE, "it unpacks to more than the " + (6 * 3 * RECORD + (1 << 20)) + " bytes");
    }

    @Test
    void whatIsNowhereIsDownloadedAndToldOf() {
        String message = assertThrows(UserError.class, () -> open(Split.TRAIN, folder)).getMessage();
        assertTrue(message.contains(ARCHIVE + " could not be downloaded") && message.contains(folder.resolve("cifar10").toString()), message);
    }

    @Test
    void readingTheArchiveTellsHowFarItIs() throws IOException {
        write(folder.resolve(ARCHIVE), archive(files));
        var told = new ArrayList<Long>();
        SMALL.open(Split.TRAIN, folder, new Downloads(), (what, done, total) -> {
            assertEquals("reading " + ARCHIVE, what);
            assertEquals(5 * RECORDS * RECORD, total);
            told.add(done);
        });
        assertEquals(List.of(0L, 3L * RECORD, 6L * RECORD, 9L * RECORD, 12L * RECORD), told);
    }

    private static Dataset open(Split split, Path root) {
        return SMALL.open(split, root, new Downloads(), Progress.NONE);
    }

    private void refused(Split split, String name, String says) {
        String message = assertThrows(UserError.class, () -> open(split, folder)).getMessage();
        assertTrue(message.startsWith(folder.resolve(name) + ": ") && message.contains(says), message);
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] archive(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            add(tar, "batches.meta.txt", "airplane\n".getBytes(StandardCharsets.UTF_8));
            for (var file : files.entrySet()) {
                add(tar, file.getKey(), file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry("cifar-10-batches-bin/" + name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
