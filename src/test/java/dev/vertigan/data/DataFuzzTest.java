package dev.vertigan.data;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;

/// Whatever a data file holds is data or refused with words, in memory that is bounded.
@Tag("fuzz")
class DataFuzzTest {

    private static final Path FOLDER = folder();
    private static final int SIDE = 8;
    private static final int MOST_SIDE = 4096; // larger ones only take longer

    private static Path folder() {
        try {
            var memory = Path.of("/dev/shm");
            var folder = Files.isDirectory(memory) ? Files.createTempDirectory(memory, "fuzz") : Files.createTempDirectory("fuzz");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void idx(byte[] data) {
        for (int rank : new int[] {1, 3}) {
            refusedOrNot(() -> Idx.read(FOLDER, new ByteArrayInputStream(data), data.length, rank));
        }
    }

    @FuzzTest(maxDuration = "5m")
    void images(byte[] data) {
        decode(data);
        decode(withChecksums(data));
    }

    private static void decode(byte[] data) {
        var content = new FileTree.Content() {

            @Override
            public long size() {
                return data.length;
            }

            @Override
            public ByteArrayInputStream open() {
                return new ByteArrayInputStream(data);
            }
        };
        refusedOrNot(() -> {
            if (new ImageDecoder(SIDE, 3, 1 << 22, (long) MOST_SIDE * MOST_SIDE).decode("image", content).length != SIDE * SIDE * 3) {
                throw new AssertionError("neither an image nor refused");
            }
        });
    }

    /// With good checksums if it is a PNG, as one without is refused before it is decoded.
    private static byte[] withChecksums(byte[] data) {
        byte[] png = data.clone();
        var in = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            int length = in.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                break;
            }
            var checksum = new CRC32();
            checksum.update(png, at + 4, 4 + length);
            in.putInt(at + 8 + length, (int) checksum.getValue());
            at += 12 + length;
        }
        return png;
    }

    @FuzzTest(maxDuration = "5m")
    void exif(byte[] data) {
        Orientation.ofExif(ByteBuffer.wrap(data));
    }

    @FuzzTest(maxDuration = "5m")
    void archives(byte[] data) throws IOException {
        Path file = FOLDER.resolve("images.zip");
        Files.write(file, data);
        for (var split : Split.values()) {
            refusedOrNot(() -> {
                var folder = ImageFolder.open(file, split);
                folder.fingerprint(new Fingerprint(new TreeMap<>()));
                folder.files().forEach(image -> refusedOrNot(() -> new ImageDecoder(SIDE, 1).decode(image.name(), image.content())));
            });
        }
    }

    @FuzzTest(maxDuration = "5m")
    void arrays(byte[] data) throws IOException {
        for (String name : List.of("array.npy", "array.npz")) {
            Path file = FOLDER.resolve(name);
            Files.write(file, data);
            refusedOrNot(() -> {
                try (var arrays = NpzArchive.open(file)) {
                    for (long row = 0; row < Math.min(4, arrays.data().shape()[0]); row++) {
                        arrays.data().rows(row, 1);
                    }
                    new ArrayImages(name, arrays.data(), arrays.classes(name), SIDE, 1).fingerprint();
                }
            });
        }
    }

    @FuzzTest(maxDuration = "5m")
    void tables(byte[] data) throws IOException {
        Path file = FOLDER.resolve("table.csv");
        Files.write(file, data);
        refusedOrNot(() -> TablePoints.csv(file, List.of("x", "y")).fingerprint());
    }

    /// Names of files, one a line.
    @FuzzTest(maxDuration = "5m")
    void folders(byte[] data) {
        var files = new TreeMap<String, FileTree.Content>();
        for (String name : new String(data, StandardCharsets.UTF_8).split("\n")) {
            files.put(name, new FileTree.Stored(FOLDER));
        }
        for (var split : Split.values()) {
            refusedOrNot(() -> {
                var folder = ImageFolder.of(FOLDER, files, split);
                if (folder.files().isEmpty() || folder.files().stream().anyMatch(image -> image.label() >= Math.max(1, folder.classes().size()))) {
                    throw new AssertionError("expected images and their classes, found " + folder);
                }
            });
        }
    }

    private static void refusedOrNot(Runnable reading) {
        try {
            reading.run();
        } catch (UserError e) {
            if (e.getMessage().isBlank()) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }
}
