package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderImagesTest {

    private static final int EXTENT = 8;

    @TempDir
    private Path folder;

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    FolderImagesTest() {
        for (int i = 0; i < 20; i++) {
            boolean png = i % 3 > 0;
            files.put("%s/%02d.%s".formatted(i % 2 == 0 ? "even" : "odd", i, png ? "png" : "jpg"),
                    Images.encode(Images.noise(10 + i, 30 - i, i), png ? "png" : "jpeg"));
        }
    }

    @Test
    void samplesAreTheFilesDecodedWhetherKeptOrNotFromFolderAndArchiveAlike() throws IOException {
        files.forEach((name, bytes) -> Images.write(folder.resolve("root").resolve(name), bytes));
        for (Path place : new Path[] {folder.resolve("root"), Images.zip(folder.resolve("root.zip"), files)}) {
            for (int channels : new int[] {1, 3}) {
                int bytes = EXTENT * EXTENT * channels;
                for (long budget : new long[] {0, 7 * bytes, 1 << 20}) {
                    var decoder = new ImageDecoder(EXTENT, channels);
                    var data = new FolderImages(ImageFolder.open(place, Split.TRAIN), decoder, budget);
                    assertArrayEquals(new int[] {EXTENT, EXTENT, channels}, data.shape());
                    assertEquals(20, data.size());
                    assertEquals(2, data.classes());
                    for (int round = 0; round < 2; round++) {
                        int index = 0;
                        for (String name : new TreeSet<>(files.keySet())) {
                            assertEquals(name.startsWith("even") ? 0 : 1, data.label(index));
                            holds(data, index++, decoder.decode(name, new FileTree.Stored(folder.resolve("root").resolve(name))));
                        }
                    }
                    assertThrows(IndexOutOfBoundsException.class, () -> data.read(20, new float[bytes], 0));
                    assertThrows(IndexOutOfBoundsException.class, () -> data.label(-1));
                }
            }
        }
    }

    private static void holds(Dataset data, int index, byte[] expected) {
        var sample = new float[expected.length + 2];
        data.read(index, sample, 1);
        for (int i = 0; i < expected.length; i++) {
            assertEquals((expected[i] & 0xFF) / 255f, sample[1 + i]);
        }
        assertEquals(0, sample[0]);
        assertEquals(0, sample[expected.length + 1]);
    }

    @Test
    void whatWasKeptNeedsItsFileNoMore() throws IOException {
        files.forEach((name, bytes) -> Images.write(folder.resolve(name), bytes));
        int bytes = EXTENT * EXTENT * 3;
        var data = new FolderImages(ImageFolder.open(folder, Split.TRAIN), new ImageDecoder(EXTENT, 3), 7 * bytes);
        var sample = new float[bytes];
        for (int index = 0; index < 20; index++) {
            data.read(index, sample, 0);
        }
        for (String name : files.keySet()) {
            Files.delete(folder.resolve(name));
        }
        for (int index = 0; index < 20; index++) {
            int asked = index;
            if (index < 7) {
                data.read(index, sample, 0);
            } else {
                assertThrows(UserError.class, () -> data.read(asked, sample, 0), "no more than the budget is kept");
            }
        }
    }

    @Test
    void aDamagedImageIsNamedAndReadAnewWhenMended() {
        files.forEach((name, bytes) -> Images.write(folder.resolve(name), bytes));
        Path damaged = Images.write(folder.resolve("even/02.png"), new byte[] {1, 2, 3});
        var data = FolderImages.open(folder.toString(), Split.TRAIN, EXTENT, 3);
        var sample = new float[EXTENT * EXTENT * 3];
        data.read(0, sample, 0);
        String message = assertThrows(UserError.class, () -> data.read(1, sample, 0)).getMessage();
        assertTrue(message.contains(damaged.toString()), message);
        Images.write(damaged, files.get("even/02.png"));
        data.read(1, sample, 0);
    }

    /// The photographs a class of which everybody knows the colour: what is in the sky is blue, and frogs are not.
    @Test
    void realPhotographsHaveTheirColours() {
        Path archive = RealData.cifar10Images();
        var train = FolderImages.open(archive.toString(), Split.TRAIN, 32, 3);
        var test = FolderImages.open(archive.toString(), Split.TEST, 32, 3);
        assertEquals(10_000, train.size());
        assertEquals(2_000, test.size());
        assertEquals(10, train.classes());
        double[] means = new double[3];
        double[][] byClass = new double[10][3];
        var sample = new float[32 * 32 * 3];
        for (int index = 0; index < 2_000; index++) {
            test.read(index, sample, 0);
            for (int i = 0; i < sample.length; i++) {
                means[i % 3] += sample[i] / 2_000 / 1_024;
                byClass[test.label(index)][i % 3] += sample[i] / 200 / 1_024;
            }
        }
        double[] known = {0.4914, 0.4822, 0.4465}; // red, green, blue of all of CIFAR-10
        assertArrayEquals(known, means, 0.02);
        int airplane = 0;
        int frog = 6;
        assertTrue(byClass[airplane][2] > byClass[airplane][0] && byClass[frog][2] < byClass[frog][0], "blue skies, and frogs on brown ground");
    }
}
