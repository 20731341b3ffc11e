package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.data.NpyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs on tables of the user's own, from the file to samples in its units.
class TableRunTest {

    private static final int ROWS = 200;
    private static final int COLUMNS = 3;
    private static final double[] MEANS = {1_700_000_000, -3, 0.002};
    private static final double[] DEVIATIONS = {86_400, 1, 1e-5};

    @TempDir
    private Path folder;

    private static double value(int row, int column) {
        return MEANS[column] + DEVIATIONS[column] * (row % 2 == 0 ? 1 : -1);
    }

    private Path train(Path data, String... settings) {
        var run = folder.resolve("run");
        var shell = Shell.run(Stream.concat(
                Stream.of("train", "--preset", "ring-2014", "--no-dashboard", "--steps", "20", "--data-dir", data.toString(), "--run-dir",
                        run.toString()),
                Arrays.stream(settings).flatMap(setting -> Stream.of("--set", setting))).toArray(String[]::new));
        assertEquals(0, shell.code(), shell.err());
        return run;
    }

    private static void succeeds(String... words) {
        var shell = Shell.run(words);
        assertEquals(0, shell.code(), shell.err());
    }

    @Test
    void samplesOfATableHaveItsColumnsAndItsUnits() throws IOException {
        var file = Files.writeString(folder.resolve("t.csv"), "when,\"how \"\"cold\"\"\",note,much\n" + IntStream.range(0, ROWS)
                .mapToObj(row -> String.format(Locale.ROOT, "%s,%s,text,%s\n", value(row, 0), value(row, 1), value(row, 2)))
                .collect(Collectors.joining()));
        var run = train(file, "data.name=table", "data.columns=when, how \"cold\", much", "generator.layers=dense 8 relu, output",
                "discriminator.layers=dense 8 relu, output", "batch=16", "samples.count=5", "compute.threads=1");

        var evaluated = Shell.run("evaluate", run.toString(), "--json", "--sets", "1");
        assertEquals(0, evaluated.code(), evaluated.err());
        var figures = new ObjectMapper().readTree(evaluated.out()).path("figures");
        assertEquals(1, figures.path("precision").path("real").asDouble(), "half of the rows are where the other half is");
        assertTrue(figures.path("cellJsd").path("samples").asDouble() > figures.path("cellJsd").path("real").asDouble(), evaluated.out());

        Files.delete(file); // nothing below needs it
        var csv = folder.resolve("samples.csv");
        var npy = folder.resolve("samples.npy");
        succeeds("sample", run.toString(), "--count", "5", "--csv", csv.toString(), "--npy", npy.toString());
        var lines = Files.readAllLines(csv);
        assertEquals("when,\"how \"\"cold\"\"\",much", lines.getFirst());
        assertEquals(6, lines.size());
        var made = ByteBuffer.wrap(Files.readAllBytes(run.resolve("samples/fakes-000000020.f32"))).order(ByteOrder.LITTLE_ENDIAN);
        try (var array = NpyFile.open(npy)) {
            for (int row = 0; row < 5; row++) {
                String[] cells = lines.get(row + 1).split(",", -1);
                for (int column = 0; column < COLUMNS; column++) {
                    double own = MEANS[column] + DEVIATIONS[column] * made.getFloat((row * COLUMNS + column) * Float.BYTES);
                    assertEquals(own, Double.parseDouble(cells[column]), 1e-6 * DEVIATIONS[column]);
                    assertEquals(own, array.rows(row, 1)[column], Math.ulp((float) own));
                }
            }
        }
        succeeds("sample", run.toString(), "--out", folder.resolve("plot.png").toString());
        succeeds("export", run.toString(), "--onnx", folder.resolve("g.onnx").toString());
        assertTrue(Files.readString(folder.resolve("g.onnx"), StandardCharsets.ISO_8859_1).contains("when = 1.7E9 + 86400.0 * x[:, 0]"),
                "its metadata");
    }

    /// Rows of class 1 are those with positive numbers.
    @Test
    void aGameByClassIsPlayedOnALabelledArray() throws IOException {
        var file = folder.resolve("labelled.npz");
        var x = ByteBuffer.allocate(ROWS * COLUMNS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var y = ByteBuffer.allocate(ROWS).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                x.putDouble(value(row, column));
            }
            y.put((byte) (row % 2 == 0 ? 1 : 0));
        }
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            add(zip, "x", "<f8", ROWS + ", " + COLUMNS, x);
            add(zip, "y", "|u1", ROWS + ",", y);
        }
        var layers = List.of("generator.layers=dense 8 classes 2 relu, output", "discriminator.layers=dense 8 classes 2 relu, output");
        var run = train(file, Stream.concat(layers.stream(), Stream.of("data.name=array", "data.columns=1, 2", "batch=16", "samples.count=4",
                "compute.threads=1")).toArray(String[]::new));
        var csv = folder.resolve("ones.csv");
        succeeds("sample", run.toString(), "--class", "1", "--count", "3", "--csv", csv.toString());
        assertEquals("1,2", Files.readAllLines(csv).getFirst());
        assertEquals(2, Shell.run("sample", run.toString(), "--class", "2").code());
    }

    private static void add(ZipOutputStream zip, String name, String type, String shape, ByteBuffer values) throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
        var head = new ByteArrayOutputStream();
        head.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        head.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(head.toByteArray());
        zip.write(values.array());
    }
}
