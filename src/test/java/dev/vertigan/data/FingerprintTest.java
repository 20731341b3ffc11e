package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

    @TempDir
    private Path folder;

    /// The same files at another place and time are the same data; one more, one less, another name or another byte is not.
    @Test
    void whateverChangesInAFolderIsSaid() throws IOException {
        Path here = write("here");
        var before = of(here);
        assertEquals(List.of(), of(write("there")).differences(before));
        assertEquals(List.of(), of(Images.zip(folder.resolve("packed.zip"), files(here))).differences(before), "nor does packing change it");

        Images.write(here.resolve("cat/3.png"), png(3));
        assertEquals(List.of("bytes: %d instead of %d".formatted(4 * png(3).length, 3 * png(3).length), "content: not the same",
                "images in cat: 3 instead of 2", "names and sizes: not the same", "samples: 4 instead of 3"), of(here).differences(before));
        Files.delete(here.resolve("cat/3.png"));
        assertEquals(List.of(), of(here).differences(before));

        Images.write(here.resolve("cat/1.png"), png(9));
        Files.setLastModifiedTime(here.resolve("cat/1.png"), FileTime.fromMillis(0));
        assertEquals(List.of("content: not the same"), of(here).differences(before), "as many bytes, but others");
        Images.write(here.resolve("cat/1.png"), png(1));
        Files.move(here.resolve("cat/1.png"), here.resolve("cat/0.png"));
        assertEquals(List.of("names and sizes: not the same"), of(here).differences(before));
    }

    private Path write(String name) {
        Images.write(folder.resolve(name).resolve("cat/1.png"), png(1));
        Images.write(folder.resolve(name).resolve("cat/2.png"), png(2));
        Images.write(folder.resolve(name).resolve("dog/1.png"), png(4));
        return folder.resolve(name);
    }

    private static TreeMap<String, byte[]> files(Path root) throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (String name : List.of("cat/1.png", "cat/2.png", "dog/1.png")) {
            files.put(name, Files.readAllBytes(root.resolve(name)));
        }
        return files;
    }

    private static byte[] png(int seed) {
        return Png.withChunk(Png.chessboard(8), "tEXt", new byte[] {'a', 0, (byte) seed}); // as long as any other
    }

    private static Fingerprint of(Path place) {
        return FolderImages.open(place.toString(), Split.TRAIN, 8, 3).fingerprint();
    }

    @Test
    void endlessSetsAreTheirParameters() {
        var ring = set(Choice.DataSet.RING, 1000, 8, 1, 0.1);
        assertEquals(List.of(), set(Choice.DataSet.RING, 1000, 8, 1, 0.1).differences(ring));
        assertEquals(List.of("centres: not the same", "classes: 9 instead of 8"), set(Choice.DataSet.RING, 1000, 9, 1, 0.1).differences(ring));
        assertEquals(List.of("centres: not the same"), set(Choice.DataSet.RING, 1000, 8, 2, 0.1).differences(ring));
        assertEquals(List.of("deviation: 0.2 instead of 0.1"), set(Choice.DataSet.RING, 1000, 8, 1, 0.2).differences(ring));
        assertEquals(List.of("samples: 2000 instead of 1000"), set(Choice.DataSet.RING, 2000, 8, 1, 0.1).differences(ring));
        assertEquals(List.of("name: ring instead of digits"),
                ring.differences(new Fingerprint(new TreeMap<>(Map.of("name", "digits", "unheard of", "7")))), "unknown facts are let be");
    }

    @Test
    void everyPixelAndLabelOfAFileCounts() {
        byte[] pixels = new byte[3 * 4];
        var data = idx(pixels, new byte[] {1, 2, 3});
        assertEquals(List.of(), idx(pixels, new byte[] {1, 2, 3}).differences(data));
        assertEquals(List.of("content: not the same"), idx(pixels, new byte[] {1, 2, 4}).differences(data));
        pixels[7] = 1;
        assertEquals(List.of("content: not the same"), idx(pixels, new byte[] {1, 2, 3}).differences(data));
        assertFalse(data.facts().get("content").isEmpty());
    }

    private Fingerprint idx(byte[] pixels, byte[] labels) {
        return new IdxImages("mnist", Images.write(folder.resolve("images"), Images.idx(pixels, 0x803, 3, 2, 2)),
                Images.write(folder.resolve("labels"), Images.idx(labels, 0x801, 3)), 10).fingerprint();
    }

    private static Fingerprint set(Choice.DataSet name, long size, int modes, double spread, double deviation) {
        return Datasets
                .open(new RunConfig.Data(name, "", size, Choice.Scale.UNIT, 32, 3, modes, spread, deviation, "", RunConfig.Streamed.DEFAULT, 0),
                        Downloads.Progress.NONE)
                .fingerprint();
    }
}
