package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.run.Journal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.io.PrintStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Samples of two small runs: points, and images in [−1, 1].
class SampleCommandTest {

    @TempDir
    static Path runs;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() {
        train("ring-2014", runs.resolve("ring-2014"), "generator.layers=dense 8 relu, output");
        train("digits", runs.resolve("digits"), "generator.layers=dense 16, batch-norm relu, output tanh", "data.scale=symmetric");
    }

    private static void train(String preset, Path run, String... more) {
        var words = new ArrayList<>(List.of("train", "--preset", preset, "--no-dashboard", "--run-dir", run.toString(), "--steps",
                "30", "--set", "batch=16", "--set", "discriminator.layers=dense 8 relu, output", "--set", "compute.threads=1", "--set",
                "samples.count=9", "--set", "samples.every=10", "--set", "checkpoint.every=10"));
        for (String setting : more) {
            words.addAll(List.of("--set", setting));
        }
        assertEquals(0, Shell.run(words.toArray(String[]::new)).code());
    }

    private Shell run(String run, String... more) {
        return Shell.run(Program.with(new String[] {"sample", runs.resolve(run).toString()}, more));
    }

    /// The values of an array, by the format's specification and none of the program's code.
    private static float[] values(Path npy) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(10 + bytes.getShort(8));
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private float[] draw(String run, String... more) throws IOException {
        var npy = folder.resolve("samples.npy");
        var shell = run(run, Program.with(more, "--npy", npy.toString()));
        assertEquals(0, shell.code(), shell.err());
        return values(npy);
    }

    @Test
    void samplesAreThoseOfTheRunsPictures() throws IOException {
        var points = ByteBuffer.wrap(Files.readAllBytes(runs.resolve("ring-2014/samples/fakes-000000030.f32"))).order(ByteOrder.LITTLE_ENDIAN);
        float[] drawn = new float[18];
        points.asFloatBuffer().get(drawn);
        assertArrayEquals(drawn, draw("ring-2014", "--count", "9"));
        var png = folder.resolve("grid.png");
        assertEquals(0, run("digits", "--count", "9", "--out", png.toString()).code());
        assertArrayEquals(Files.readAllBytes(runs.resolve("digits/samples/fakes-000000030.png")), Files.readAllBytes(png));
    }

    @Test
    void aSampleIsTheSameHoweverManyAreDrawn() throws IOException {
        float[] many = draw("digits", "--count", "1100");
        assertAll(
                () -> assertArrayEquals(Arrays.copyOf(many, 3 * 784), draw("digits", "--count", "3")),
                () -> assertFalse(Arrays.equals(many, draw("digits", "--count", "1100", "--raw")), "other weights"),
                () -> assertFalse(Arrays.equals(many, draw("digits", "--count", "1100", "--step", "20")), "of another step"),
                () -> assertFalse(Arrays.equals(many, draw("digits", "--count", "1100", "--seed", "2")), "other latents"),
                () -> assertArrayEquals(many, draw("digits", "--count", "1100", "--seed", "1", "--ema"), "the run's own seed"));
    }

    @Test
    void latentsGoOutAndComeBack() throws IOException {
        var z = folder.resolve("z.npy");
        float[] drawn = draw("digits", "--count", "70", "--save-latents", z.toString(), "--seed", "7");
        assertAll(
                () -> assertEquals(70 * 64, values(z).length),
                () -> assertArrayEquals(drawn, draw("digits", "--latents", z.toString())),
                () -> assertArrayEquals(Arrays.copyOf(drawn, 784), draw("digits", "--latents", z.toString(), "--count", "1")),
                () -> assertEquals(2, run("digits", "--latents", z.toString(), "--count", "71").code()),
                () -> assertTrue(run("ring-2014", "--latents", z.toString()).err().contains("z.npy: expected latents [n, "), "of another size"));
    }

    @Test
    void truncatedLatentsAreWithinAndOtherwiseTheSame() throws IOException {
        var z = folder.resolve("z.npy");
        draw("digits", "--count", "200", "--save-latents", z.toString());
        float[] plain = values(z);
        draw("digits", "--count", "200", "--save-latents", z.toString(), "--truncation", "0.7");
        float[] truncated = values(z);
        int kept = 0;
        for (int i = 0; i < plain.length; i++) {
            assertTrue(Math.abs(truncated[i]) <= 0.7f);
            if (Math.abs(plain[i]) <= 0.7f) {
                assertEquals(plain[i], truncated[i]);
                kept++;
            }
        }
        assertEquals(0.516, kept / (double) plain.length, 0.03, "the share of a normal within 0.7"); // erf(0.7 / √2)
    }

    @Test
    void aWalkBeginsAndEndsWhereItIsToldAndKeepsItsLength() throws IOException {
        var z = folder.resolve("z.npy");
        float[] all = draw("digits", "--count", "6");
        float[] walk = draw("digits", "--interpolate", "1", "5", "11", "--save-latents", z.toString());
        float[] latents = values(z);
        assertEquals(11 * 784, walk.length);
        assertArrayEquals(Arrays.copyOfRange(all, 784, 2 * 784), Arrays.copyOf(walk, 784), 1e-6f);
        assertArrayEquals(Arrays.copyOfRange(all, 5 * 784, 6 * 784), Arrays.copyOfRange(walk, 10 * 784, 11 * 784), 1e-6f);
        double[] norms = new double[11];
        for (int i = 0; i < latents.length; i++) {
            norms[i / 64] += latents[i] * latents[i];
        }
        double least = Math.min(norms[0], norms[10]);
        assertTrue(Arrays.stream(norms).allMatch(norm -> norm > 0.9 * least), "half way between two normal latents, a straight line is shorter");
    }

    @Test
    void imagesGoOutOneByOneAndAsAnArchive() throws IOException {
        var png = folder.resolve("png");
        var tar = folder.resolve("samples.tar");
        float[] values = draw("digits", "--count", "5", "--png", png.toString(), "--tar", tar.toString());
        try (var archive = new TarArchiveInputStream(Files.newInputStream(tar))) {
            for (int i = 0; i < 5; i++) {
                String name = "00000000" + i + ".png";
                assertEquals(name, archive.getNextEntry().getName());
                byte[] bytes = archive.readAllBytes();
                assertArrayEquals(bytes, Files.readAllBytes(png.resolve("00000").resolve(name)));
                var raster = ImageIO.read(new ByteArrayInputStream(bytes)).getRaster();
                for (int p = 0; p < 784; p++) {
                    assertEquals(values[i * 784 + p] * 255, raster.getSample(p % 28, p / 28, 0), 0.51);
                }
            }
            assertEquals(null, archive.getNextEntry());
        }
        assertEquals(2, run("ring-2014", "--tar", tar.toString()).code(), "points are no images");
    }

    @Test
    void whatIsNotThereIsNamed() {
        var missing = run("ring-2014", "--step", "11");
        assertEquals(1, missing.code());
        assertTrue(missing.err().contains("expected a checkpoint of step 11, found those of 0, 10, 20, 30"), missing.err());
        var many = run("ring-2014", "--count", "10001");
        assertEquals(2, many.code());
        assertTrue(many.err().contains("--npy, --csv, --png and --tar take any number"), many.err());
        assertNotEquals(0, run("ring-2014", "--npy", folder.resolve("no/a.npy").toString()).code());
    }

    /// The command's figures are those of the samples that `sample` writes.
    @Test
    void samplesAreEvaluatedBesideRealOnes() throws IOException {
        var shell = Shell.run("evaluate", runs.resolve("ring-2014").toString(), "--json", "--count", "500", "--step", "20", "--sets", "2");
        assertEquals(0, shell.code(), shell.err());
        var tree = new ObjectMapper().readTree(shell.out());
        float[] drawn = draw("ring-2014", "--count", "1000", "--step", "20");
        int[] good = new int[2]; // in each set
        for (int i = 0; i < drawn.length; i += 2) {
            double angle = Math.round(Math.atan2(drawn[i + 1], drawn[i]) / (Math.PI / 4)) * (Math.PI / 4);
            good[i / 1000] += Math.hypot(drawn[i] - Math.cos(angle), drawn[i + 1] - Math.sin(angle)) <= 0.03 ? 1 : 0;
        }
        assertEquals(20, tree.path("step").asLong());
        var quality = tree.path("figures").path("highQuality");
        assertEquals((good[0] + good[1]) / 1000.0, quality.path("samples").asDouble(), 1e-9);
        assertEquals(Math.abs(good[0] - good[1]) / 500.0 / Math.sqrt(2), quality.path("deviation").asDouble(), 1e-9);
        assertTrue(tree.path("figures").path("gapToBest").path("samples").asDouble() <= 1, "D against the best");
        assertEquals(8, tree.path("figures").path("modes").path("real").asInt());
        var table = Shell.run("evaluate", runs.resolve("ring-2014").toString(), "--raw");
        assertTrue(table.out().contains("2,500 samples in each of 3 sets of step 30, drawn with the weights themselves"), table.out());
        var markdown = Shell.run("evaluate", runs.resolve("ring-2014").toString(), "--count", "500", "--markdown");
        assertTrue(markdown.out().lines().anyMatch(line -> line.startsWith("| modes | ")), markdown.out());
    }

    /// With smoothed labels the best D is another.
    @Test
    void theBestDiscriminatorIsThatOfTheGameAsItWasEdited() throws IOException {
        train("ring-2014", folder, "generator.layers=dense 8 relu, output");
        double before = lossOfBest(10);
        double after = lossOfBest(20);
        try (var journal = Journal.open(folder.resolve("journal.jsonl"))) {
            journal.append(10, Journal.Kind.EDIT, JsonNodeFactory.instance.objectNode().put("game.realLabel", 0.7));
        }
        assertEquals(before, lossOfBest(10), 0, "it was made by turns before the edit");
        assertTrue(Math.abs(lossOfBest(20) - after) > 0.05, lossOfBest(20) + " as if nothing had been edited: " + after);
    }

    /// A run that goes on with other minibatches has not seen more, or less, before.
    @Test
    void aCheckpointHasSeenMinibatchesOfItsOwnSize() throws IOException {
        train("ring-2014", folder, "generator.layers=dense 8 relu, output");
        long seen = seen(10);
        long later = seen(20);
        var config = folder.resolve("config.json");
        String text = Files.readString(config);
        assertTrue(text.contains("\"batch\" : 16"), text);
        Files.writeString(config, text.replace("\"batch\" : 16", "\"batch\" : 64"));
        try (var journal = Journal.open(folder.resolve("journal.jsonl"))) {
            journal.append(10, Journal.Kind.EDIT, JsonNodeFactory.instance.objectNode().put("batch", 64));
        }
        assertEquals(seen, seen(10));
        assertEquals(4 * later, seen(20), "as whoever resumes from there seeks in the data");
    }

    private long seen(long step) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var silent = new Console(nowhere, nowhere, false);
        try (var generator = OpenGenerator.open(folder, Optional.of(step), true, silent)) {
            return generator.seen();
        }
    }

    private double lossOfBest(long step) throws IOException {
        var shell = Shell.run("evaluate", folder.toString(), "--json", "--count", "2", "--sets", "1", "--step", String.valueOf(step));
        assertEquals(0, shell.code(), shell.err());
        return new ObjectMapper().readTree(shell.out()).path("figures").path("lossDBest").path("samples").doubleValue();
    }

    @Test
    void runsAreHeldAgainstEachOther() throws IOException {
        var csv = folder.resolve("all.csv");
        var shell = Shell.run("compare", runs.resolve("ring-2014").toString(), runs.resolve("digits").toString(), "--csv", csv.toString());
        assertEquals(0, shell.code(), shell.err());
        assertTrue(shell.out().lines().anyMatch(line -> line.matches("data.name +ring +digits")), shell.out());
        assertTrue(shell.out().lines().anyMatch(line -> line.matches("lossD +\\S+ +\\S+")), shell.out());
        assertFalse(shell.out().contains("\nbatch "), "both have 16");
        String[] both = {"compare", runs.resolve("ring-2014").toString(), runs.resolve("digits").toString()};
        var table = Shell.run(Program.with(both, "--markdown"));
        assertTrue(table.out().lines().anyMatch("| data.name | ring | digits |"::equals), table.out());
        assertEquals(2, Shell.run(Program.with(both, "--json", "--markdown")).code());
        var tree = new ObjectMapper().readTree(Shell.run(Program.with(both, "--json")).out());
        assertEquals("digits", tree.path(1).path("settings").path("data.name").asText());
        assertTrue(tree.path(0).path("figures").path("lossD").isNumber(), tree.toString());
        var lines = Files.readAllLines(csv);
        assertTrue(lines.getFirst().startsWith("run,step,time,lossD,lossG,"), lines.getFirst());
        assertEquals(1 + 3 + 3, lines.size(), "a report every ten turns of each");
        assertTrue(lines.stream().skip(1).allMatch(line -> line.split(",", -1).length == lines.getFirst().split(",").length));
    }

    /// A hundred thousand samples are 300 MB; the process may have 40 on the heap.
    @Test
    void manySamplesTakeNoMoreMemoryThanFew() throws Exception {
        var npy = folder.resolve("many.npy");
        var program = Program.start(folder.resolve("log"), List.of("-Xmx40m"), "sample", runs.resolve("digits").toString(), "--count", "100000",
                "--npy",
                npy.toString());
        assertEquals(0, program.end());
        assertEquals(128 + 100_000L * 784 * Float.BYTES, Files.size(npy));
    }

    /// Two runs of one name in different folders, and one that is named by a dot.
    @Test
    void runsAreToldApartByTheirNamesHoweverTheyAreGiven() throws IOException {
        Path ring = runs.resolve("ring-2014");
        Path other = folder.resolve("ring-2014");
        Files.createDirectories(other);
        for (String file : List.of("config.json", "metrics.jsonl", "journal.jsonl")) {
            Files.copy(ring.resolve(file), other.resolve(file));
        }
        Path csv = folder.resolve("curves.csv");
        assertEquals(0, Shell.run("compare", ring.toString(), other.toString(), "--csv", csv.toString()).code());
        assertEquals(2, Files.readAllLines(csv).stream().skip(1).map(line -> line.split(",")[0]).distinct().count());
        var table = Shell.run("compare", ring.resolve(".").toString(), runs.resolve("digits").toString());
        assertArrayEquals(new String[] {"ring-2014", "digits"}, table.out().lines().findFirst().orElseThrow().strip().split(" +"));
    }

    @Test
    void runsOnOtherDataAreToldBySettings() {
        var shell = Shell.run("tournament", runs.resolve("ring-2014").toString(), runs.resolve("digits").toString());
        assertEquals(1, shell.code());
        assertTrue(shell.err().contains("data.name: \"digits\" instead of \"ring\"") && !shell.err().contains("Data["), shell.err());
    }
}
