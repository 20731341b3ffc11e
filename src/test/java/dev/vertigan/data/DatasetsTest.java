package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {

    @TempDir
    private Path folder;

    @Test
    void endlessDataSetsNeedNothing() {
        for (String name : List.of("digits", "ring", "grid", "gaussian", "spiral", "moons", "checkerboard", "rings")) {
            var train = Datasets.open(config(name, ""), Progress.NONE);
            var test = Datasets.open(config(name, ""), Split.TEST, Progress.NONE);
            assertEquals(name, train.name());
            assertEquals(1000, train.size());
            assertEquals(10_000, test.size());
            assertArrayEquals(train.shape(), test.shape());
            assertArrayEquals(train.shape(), Datasets.shape(config(name, "")));
            float[] a = new float[train.features()];
            float[] b = new float[train.features()];
            train.read(0, a, 0);
            test.read(0, b, 0);
            assertFalse(Arrays.equals(a, b), name + ": the splits must differ");
        }
    }

    /// The same samples, black at −1, and back again.
    @Test
    void theScaleIsThatOfPixelsAlone() {
        for (var name : List.of(Choice.DataSet.DIGITS, Choice.DataSet.RING)) {
            var unit = Datasets.open(new RunConfig.Data(name, "", 100, Choice.Scale.UNIT, 16, 1, 8, 1, 1, "", RunConfig.Streamed.DEFAULT, 0),
                    Progress.NONE);
            var symmetric = Datasets.open(
                    new RunConfig.Data(name, "", 100, Choice.Scale.SYMMETRIC, 16, 1, 8, 1, 1, "", RunConfig.Streamed.DEFAULT, 0),
                    Progress.NONE);
            boolean pixels = name == Choice.DataSet.DIGITS;
            assertEquals(0, unit.black());
            assertEquals(pixels ? -1 : 0, symmetric.black());
            var a = new float[unit.features() + 2];
            var b = new float[unit.features() + 2];
            for (int index = 0; index < 20; index++) {
                unit.read(index, a, 1);
                symmetric.read(index, b, 1);
                assertEquals(unit.label(index), symmetric.label(index));
                for (int i = 1; i < a.length - 1; i++) {
                    assertEquals(pixels ? 2 * a[i] - 1 : a[i], b[i]);
                }
                assertEquals(0, b[0], "what is beside the sample stays");
                assertEquals(0, b[b.length - 1]);
            }
            float[] back = Arrays.copyOfRange(b, 1, b.length - 1);
            Form.of(symmetric).toUnit(back);
            assertArrayEquals(Arrays.copyOfRange(a, 1, a.length - 1), back, 1e-6f);
            assertArrayEquals(Marginals.means(unit, 50), Marginals.means(symmetric, 50), 1e-6);
        }
    }

    @Test
    void localFilesAreUsedFromTheFolderOrItsSubFolderPackedOrNot() throws IOException {
        for (String name : List.of("mnist", "fashion-mnist", "kmnist")) {
            for (int way = 0; way < 8; way++) {
                boolean packed = way % 2 > 0;
                String mark = way / 2 % 2 > 0 ? "." : "-";
                for (String sub : List.of("", name)) {
                    Path root = Files.createDirectories(folder.resolve(name + way + sub.length()));
                    Path place = Files.createDirectories(root.resolve(sub));
                    write(place, "t10k-images" + mark + "idx3-ubyte", packed, Images.idx(new byte[3 * 784], 0x803, 3, 28, 28));
                    write(place, "t10k-labels" + mark + "idx1-ubyte", way >= 4 != packed, Images.idx(new byte[] {1, 2, 3}, 0x801, 3));
                    var data = Datasets.open(config(name, root.toString()), Split.TEST, Progress.NONE);
                    assertEquals(name, data.name());
                    assertEquals(3, data.size());
                    assertEquals(3, data.label(2));
                    assertArrayEquals(data.shape(), Datasets.shape(config(name, "")));
                }
            }
        }
    }

    /// A Fréchet distance is between as many samples as reals, so the modes of 26,000 samples are counted only beside 26,000 reals.
    @Test
    void thereAreAsManyStackedDigitsHeldOutAsAreMeasured() throws IOException {
        write(folder, "t10k-images-idx3-ubyte", false, Images.idx(new byte[3 * 784], 0x803, 3, 28, 28));
        write(folder, "t10k-labels-idx1-ubyte", false, Images.idx(new byte[] {1, 2, 3}, 0x801, 3));
        var data = Datasets.open(config("stacked-mnist", folder.toString()), Split.TEST, Progress.NONE);
        assertEquals(26_000, Evaluation.usual(Form.of(data), true));
        assertEquals(26_000, data.size());
    }

    @Test
    void imagesHaveTheConfiguredShape() throws IOException {
        Images.write(folder.resolve("train/cat/1.png"), Images.encode(Images.noise(40, 30, 1), "png"));
        Images.write(folder.resolve("test/cat/2.jpg"), Images.encode(Images.noise(30, 40, 2), "jpeg"));
        for (int channels : new int[] {1, 3}) {
            var config = new RunConfig.Data(Choice.DataSet.IMAGES, folder.toString(), 1000, Choice.Scale.UNIT, 16, channels, 1, 1, 1, "",
                    RunConfig.Streamed.DEFAULT, 0);
            for (var split : Split.values()) {
                var data = Datasets.open(config, split, Progress.NONE);
                assertEquals("images", data.name());
                assertEquals(1, data.size());
                assertArrayEquals(new int[] {16, 16, channels}, data.shape());
                assertArrayEquals(data.shape(), Datasets.shape(config));
                data.read(0, new float[16 * 16 * channels], 0);
            }
        }
        assertSays(List.of("data.dir", "nowhere"), config("images", folder.resolve("nowhere").toString()));
    }

    @Test
    void cifar10IsReadFromItsFiles() {
        Images.write(folder.resolve("cifar10/cifar-10-batches-bin/test_batch.bin"), new byte[10_000 * 3073]);
        var data = Datasets.open(config("cifar10", folder.toString()), Split.TEST, Progress.NONE);
        assertEquals("cifar10", data.name());
        assertEquals(10_000, data.size());
        assertArrayEquals(new int[] {32, 32, 3}, data.shape());
        assertArrayEquals(data.shape(), Datasets.shape(config("cifar10", "")));
    }

    @Test
    void imagesOfAnotherSizeAreRefused() throws IOException {
        write(folder, "train-images-idx3-ubyte", false, Images.idx(new byte[16], 0x803, 1, 4, 4));
        write(folder, "train-labels-idx1-ubyte", false, Images.idx(new byte[1], 0x801, 1));
        assertSays(List.of("28×28", "4×4", folder.toString()), config("mnist", folder.toString()));
    }

    @Test
    void impossibleFiguresAndFoldersAreTheUsersToMend() {
        assertSays(List.of("data.size"),
                new RunConfig.Data(Choice.DataSet.DIGITS, "", 0, Choice.Scale.UNIT, 32, 3, 1, 1, 1, "", RunConfig.Streamed.DEFAULT, 0));
        assertSays(List.of("data.modes", "25"),
                new RunConfig.Data(Choice.DataSet.GRID, "", 1000, Choice.Scale.UNIT, 32, 3, 24, 2, 0.05, "", RunConfig.Streamed.DEFAULT, 0));
        assertSays(List.of("data.dir", "nowhere"), config("mnist", folder.resolve("nowhere").toString()));
    }

    @Test
    void theDataFolderIsTheNamedOneElseTheVariablesElseTheCache() {
        var all = Map.of("VERTIGAN_DATA", folder.toString(), "XDG_CACHE_HOME", "/caches");
        assertEquals(Path.of("."), Datasets.folder(".", all));
        assertEquals(folder, Datasets.folder("", all));
        assertEquals(Path.of("/caches/vertigan"), Datasets.folder("", Map.of("XDG_CACHE_HOME", "/caches")));
        assertEquals(Path.of(System.getProperty("user.home"), ".cache", "vertigan"), Datasets.folder("", Map.of("XDG_CACHE_HOME", "relative")));
    }

    private static void write(Path place, String name, boolean packed, byte[] bytes) throws IOException {
        Files.write(place.resolve(packed ? name + ".gz" : name), packed ? IdxTest.gzip(bytes) : bytes);
    }

    private static RunConfig.Data config(String name, String dir) {
        var choice = Arrays.stream(Choice.DataSet.values()).filter(set -> set.written().equals(name)).findFirst().orElseThrow();
        return new RunConfig.Data(choice, dir, 1000, Choice.Scale.UNIT, 32, 3, 4, 1, 0.1, "", RunConfig.Streamed.DEFAULT, 0);
    }

    private static void assertSays(List<String> expected, RunConfig.Data config) {
        String message = assertThrows(UserError.class, () -> Datasets.open(config, Progress.NONE)).getMessage();
        expected.forEach(part -> assertTrue(message.contains(part), part + " in: " + message));
    }
}
