package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files are found, of which class and in which order; what is in them nobody asks yet.
class ImageFolderTest {

    @TempDir
    private Path folder;

    @Test
    void subFoldersAreClassesAndTheOrderIsThatOfNamesHoweverTheyWereWritten() throws IOException {
        var names = new ArrayList<>(List.of("bird/1.png", "bird/10.jpg", "bird/2.JPEG", "bird/more/0.png", "cat/a.jpg", "cat/b.PNG", "Zebra/z.jpg"));
        var expected = List.of("Zebra/z.jpg 0", "bird/1.png 1", "bird/10.jpg 1", "bird/2.JPEG 1", "bird/more/0.png 1", "cat/a.jpg 2", "cat/b.PNG 2");
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(names, new Random(seed));
            Path root = write("order" + seed, names);
            assertEquals(List.of("Zebra", "bird", "cat"), ImageFolder.open(root, Split.TRAIN).classes());
            assertEquals(expected, found(root, Split.TRAIN));
            assertEquals(expected, found(zip("order" + seed, names), Split.TRAIN), "in an archive");
        }
    }

    @Test
    void withoutSubFoldersThereAreNoClasses() throws IOException {
        var names = List.of("b.png", "a.jpg", "c.jpeg");
        for (Path root : List.of(write("flat", names), zip("flat", names))) {
            assertEquals(List.of("a.jpg 0", "b.png 0", "c.jpeg 0"), found(root, Split.TRAIN));
            assertEquals(List.of(), ImageFolder.open(root, Split.TRAIN).classes());
        }
    }

    @Test
    void trainAndTestAreSplitsOfTheSameClasses() throws IOException {
        var names = List.of("train/ant/1.png", "train/bee/2.png", "test/bee/3.png", "readme.txt");
        for (Path root : List.of(write("splits", names), zip("splits", names))) {
            assertEquals(List.of("train/ant/1.png 0", "train/bee/2.png 1"), found(root, Split.TRAIN));
            assertEquals(List.of("test/bee/3.png 1"), found(root, Split.TEST), "bee is class 1 here too");
            assertEquals(2, ImageFolder.open(root, Split.TEST).classes().size());
        }
        assertEquals(List.of("val/2.png 0"), found(write("val", List.of("train/1.png", "val/2.png")), Split.TEST));
        refused(write("unknown", List.of("train/ant/1.png", "train/bee/1.png", "test/cow/1.png")), Split.TEST, "classes that are trained on", "cow");
    }

    @Test
    void splitsHaveTheirUsualNamesInAnyCase() throws IOException {
        for (String train : List.of("train", "Train", "TRAIN", "training", "Training")) {
            for (String test : List.of("test", "Test", "TEST", "testing", "val", "Val", "valid", "Valid", "validation", "Validation")) {
                var names = List.of("set/" + train + "/ant/1.png", "set/" + train + "/bee/2.png", "set/" + test + "/bee/3.png");
                for (Path root : List.of(write(train + "-" + test, names), zip(train + "-" + test, names))) {
                    assertEquals(List.of("ant", "bee"), ImageFolder.open(root, Split.TRAIN).classes());
                    assertEquals(List.of(names.get(0) + " 0", names.get(1) + " 1"), found(root, Split.TRAIN));
                    assertEquals(List.of(names.get(2) + " 1"), found(root, Split.TEST));
                }
            }
        }
        var both = write("three", List.of("train/1.png", "val/2.png", "test/3.png"));
        assertEquals(List.of("test/3.png 0"), found(both, Split.TEST), "what is to test with comes before what is to validate with");
    }

    @Test
    void whatIsPassedOverIsCounted() throws IOException {
        var names = List.of("cat/1.png", "cat/2.GIF", "dog/1.jpg", "dog/3.gif", "dog/notes.txt", "README", ".DS_Store", "__MACOSX/1.gif");
        for (Path root : List.of(write("counted", names), zip("counted", names))) {
            assertEquals("4 files passed over: 2 .gif, 1 .txt, 1 without a suffix", ImageFolder.open(root, Split.TRAIN).remark());
        }
        var splits = write("beside", List.of("train/1.png", "test/1.png", "unlabelled/1.png", "unlabelled/2.png", "extra/1.png"));
        assertEquals("3 files passed over: 2 in unlabelled/, 1 in extra/", ImageFolder.open(splits, Split.TRAIN).remark());
        assertEquals("1 file passed over: 1 .tif", ImageFolder.open(write("one", List.of("1.png", "2.tif")), Split.TRAIN).remark());
        assertEquals("", ImageFolder.open(write("none", List.of("1.png", ".hidden.gif")), Split.TRAIN).remark());
    }

    /// As archivers of old write them: no word on which characters names are made of, and `./` before them.
    @Test
    void archivesMayHaveAnyNames() throws IOException {
        for (String charset : List.of("IBM437", "Shift_JIS", "windows-1252", "UTF-8")) {
            String name = charset.equals("Shift_JIS") ? "表示" : "Käse"; // the second byte of 表 is a backslash
            Path archive = folder.resolve(charset + ".zip");
            byte[] image = Images.encode(Images.noise(8, 8, 1), "png");
            try (var zip = new ZipArchiveOutputStream(archive)) {
                zip.setEncoding(charset);
                zip.setUseLanguageEncodingFlag(false);
                for (String file : List.of("./set/" + name + "/1.png", "./set/" + name + "/2.png", "./set/other/1.png")) {
                    zip.putArchiveEntry(new ZipArchiveEntry(file));
                    zip.write(image);
                    zip.closeArchiveEntry();
                }
            }
            var found = ImageFolder.open(archive, Split.TRAIN);
            assertEquals(2, found.classes().size(), charset);
            assertTrue(found.classes().contains("other"));
            assertEquals(charset.equals("IBM437") || charset.equals("UTF-8"), found.classes().contains("Käse"), charset);
            assertEquals(3, found.files().size());
            for (var file : found.files()) {
                assertEquals(64 * 3, new ImageDecoder(8, 3).decode(file.name(), file.content()).length);
            }
        }
    }

    /// A hundred megabytes of zeros behind a small picture take a hundred kilobytes; the archive says that they are as many as the picture has.
    @Test
    void anArchiveThatLiesAboutSizesIsRefusedWhereItDoes() throws IOException {
        byte[] image = Images.encode(Images.noise(8, 8, 1), "jpeg");
        Path archive = folder.resolve("lies.zip");
        try (var zip = new ZipArchiveOutputStream(archive)) {
            zip.putArchiveEntry(new ZipArchiveEntry("1.jpg"));
            zip.write(image);
            for (int i = 0; i < 100; i++) {
                zip.write(new byte[1 << 20]);
            }
            zip.closeArchiveEntry();
        }
        byte[] bytes = Files.readAllBytes(archive);
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int central = in.getInt(bytes.length - 6); // where the directory begins
        assertEquals(image.length + (100 << 20), in.getInt(central + 24));
        in.putInt(central + 24, image.length);
        Files.write(archive, bytes);
        var found = ImageFolder.open(archive, Split.TRAIN);
        var decoder = new ImageDecoder(8, 3);
        String message = assertThrows(UserError.class, () -> decoder.decode("1.jpg", found.files().getFirst().content())).getMessage();
        assertTrue(message.contains("unpacks to more than the " + image.length + " bytes"), message);
        assertThrows(UserError.class, () -> found.fingerprint(new Fingerprint(new TreeMap<>())));
    }

    @Test
    void aClassMayBeCalledTrain() throws IOException {
        var root = write("vehicles", List.of("bus/1.png", "train/1.png"));
        assertEquals(List.of("bus/1.png 0", "train/1.png 1"), found(root, Split.TRAIN));
        refused(root, Split.TEST, "train and test");
    }

    @Test
    void aFolderOfOnlyAnotherStandsForThat() throws IOException {
        var names = List.of("download/pets/cat/1.png", "download/pets/dog/1.png", "__MACOSX/pets/cat/1.png");
        for (Path root : List.of(write("nested", names), zip("nested", names))) {
            assertEquals(List.of("cat", "dog"), ImageFolder.open(root, Split.TRAIN).classes());
        }
        assertEquals(List.of("train/1.png 0"), found(write("lone", List.of("train/1.png", "notes/readme.txt")), Split.TRAIN));
    }

    @Test
    void whatIsHiddenOrNoImageIsPassedOver() throws IOException {
        var root = write("mixed",
                List.of("cat/1.png", "cat/._1.png", "cat/.checkpoints/1.png", "cat/labels.csv", "cat/2.gif", ".git/1.png", "empty/x.txt",
                        "dog/1.jpg", "png"));
        Files.createDirectories(root.resolve("dog/folder.png"));
        assertEquals(List.of("cat/1.png 0", "dog/1.jpg 1"), found(root, Split.TRAIN));
    }

    @Test
    void whatHoldsNoImagesOrTwoKindsOfThemIsRefused() throws IOException {
        refused(Files.createDirectory(folder.resolve("empty")), Split.TRAIN, "expected PNG, JPEG, WebP or BMP images, found none");
        refused(write("texts", List.of("a/x.txt", "b/y.tif")), Split.TRAIN, "expected PNG, JPEG, WebP or BMP images, found only 1 .tif, 1 .txt");
        refused(write("both", List.of("loose.png", "cat/1.png")), Split.TRAIN, "loose.png beside the sub-folder cat");
        refused(folder.resolve("nowhere"), Split.TRAIN, "found nothing at", "data.dir");
        refused(Images.write(folder.resolve("some.zip"), new byte[] {1, 2, 3}), Split.TRAIN, "found a file that is neither");
    }

    private static void refused(Path place, Split split, String... says) {
        String message = assertThrows(UserError.class, () -> ImageFolder.open(place, split)).getMessage();
        assertTrue(message.contains(place.toString()), message);
        for (String part : says) {
            assertTrue(message.contains(part), message);
        }
    }

    /// Each image's place in the folder or archive, and its label.
    private static List<String> found(Path place, Split split) {
        return ImageFolder.open(place, split).files().stream().map(image -> image.name() + " " + image.label()).toList();
    }

    private Path write(String name, List<String> files) {
        files.forEach(file -> Images.write(folder.resolve(name).resolve(file), new byte[0]));
        return folder.resolve(name);
    }

    private Path zip(String name, List<String> files) throws IOException {
        var contents = new LinkedHashMap<String, byte[]>();
        files.forEach(file -> contents.put(file, new byte[0]));
        return Images.zip(folder.resolve(name + ".zip"), contents);
    }
}
