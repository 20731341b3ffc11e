package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing that a run's numbers come from changes without a word: settings, data, and what computes.
class OriginTest {

    private static final Path EARLIER = Path.of("src/test/resources/runs/version-0.1"); // made by that version, 20 turns of ring

    @TempDir
    Path folder;

    private Path run() {
        return folder.resolve("run");
    }

    private void train(String... more) {
        var words = new ArrayList<>(List.of("train", "--preset", "ring-2014", "--run-dir", run().toString(), "--steps", "4", "--no-dashboard",
                "--set",
                "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "compute.threads=1", "--set",
                "compute.kernels=simd", "--set", "batch=16", "--set", "latent.size=2"));
        words.addAll(List.of(more));
        var trained = Shell.run(words.toArray(String[]::new));
        assertEquals(0, trained.code(), trained.err());
    }

    private Shell resume(String... more) {
        return Shell.run(Program.with(new String[] {"resume", run().toString(), "--no-dashboard"}, more));
    }

    private void edit(String setting, String instead) throws IOException {
        var config = run().resolve("config.json");
        String text = Files.readString(config);
        assertTrue(text.contains(setting), text);
        Files.writeString(config, text.replace(setting, instead));
    }

    @Test
    void settingsEditedByHandAreRefusedUntilThatIsMeant() throws IOException {
        train();
        edit("\"batch\" : 16", "\"batch\" : 32");
        edit("\"keep\" : 3", "\"keep\" : 4"); // has no effect on the result
        var reports = Files.readAllBytes(run().resolve("journal.jsonl"));
        var refused = resume("--steps", "8");
        assertAll(
                () -> assertEquals(1, refused.code(), refused.out()),
                () -> assertTrue(refused.err().contains("batch: 32 instead of 16") && !refused.err().contains("keep"), refused.err()),
                () -> assertTrue(refused.err().contains("--accept-changes"), refused.err()),
                () -> assertArrayEquals(reports, Files.readAllBytes(run().resolve("journal.jsonl")), "nothing was changed"));
        var meant = resume("--steps", "8", "--accept-changes");
        assertEquals(0, meant.code(), meant.err());
        assertTrue(meant.err().contains("from here on batch: 32 instead of 16"), meant.err());
        String journal = Files.readString(run().resolve("journal.jsonl"));
        assertTrue(journal.contains("{\"step\":4,") && journal.contains("\"kind\":\"edit\",\"details\":{\"batch\":32}"), journal);
        var on = resume("--steps", "12");
        assertEquals(0, on.code(), on.err());
        assertEquals("", on.err());
    }

    @Test
    void dataThatChangedIsTold() throws IOException {
        var images = Files.createDirectory(folder.resolve("images"));
        for (int i = 0; i < 20; i++) {
            image(images.resolve(i + ".png"));
        }
        train("--set", "data.name=images", "--data-dir", images.toString(), "--set", "data.extent=8", "--set", "batch=4");
        assertEquals("", resume("--steps", "6").err());
        image(images.resolve("20.png"));
        var changed = resume("--steps", "8");
        assertEquals(0, changed.code(), changed.err());
        assertTrue(changed.err().contains("the data set has changed: samples: 21 instead of 20"), changed.err());
        assertEquals("", resume("--steps", "10").err(), "it is journalled");
    }

    private static void image(Path file) throws IOException {
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }

    @Test
    void otherKernelsAreTold() {
        train();
        assertEquals("", resume("--steps", "6", "--set", "compute.threads=2").err(), "another number of threads gives the same bits");
        var other = resume("--steps", "8", "--set", "compute.kernels=nd4j");
        assertEquals(0, other.code(), other.err());
        assertTrue(other.err().contains("not bit-exact from here: computed by nd4j"), other.err());
        var back = resume("--steps", "10");
        assertTrue(back.err().contains("not bit-exact from here: computed by simd"), back.err());
    }

    @Test
    void aRunOfAnEarlierVersionGoesOn() throws IOException {
        try (var files = Files.walk(EARLIER)) {
            for (var file : files.toList()) {
                Files.copy(file, run().resolve(EARLIER.relativize(file).toString()));
            }
        }
        var resumed = resume("--steps", "30", "--set", "compute.kernels=simd");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(Files.exists(run().resolve("checkpoints/step-000000030.safetensors")));
        edit("\"batch\" : 256", "\"batch\" : 128"); // from now on it is known what the run was begun with
        assertEquals(1, resume("--steps", "40").code());
    }
}
