package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Downloads.Progress;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Data in files of the user's own: drawings, arrays and tables.
class OwnDataTest {

    @TempDir
    private Path folder;

    private static Dataset open(Choice.DataSet name, Path file, int extent, String columns) {
        return Datasets.open(data(name, file, extent, columns), Progress.NONE);
    }

    private static RunConfig.Data data(Choice.DataSet name, Path file, int extent, String columns) {
        return new RunConfig.Data(name, file.toString(), 50_000, Choice.Scale.UNIT, extent, 1, 8, 2, 1, columns, RunConfig.Streamed.DEFAULT, 0);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static String refusal(Choice.DataSet name, Path file, int extent, String columns) {
        return assertThrows(UserError.class, () -> open(name, file, extent, columns)).getMessage();
    }

    private static float[] sample(Dataset data, long index) {
        var sample = new float[data.features() + 1];
        data.read(index, sample, 1);
        return Arrays.copyOfRange(sample, 1, sample.length);
    }

    /// A left half of black, and a quarter of grey at the top right: two thirds of the ink and a sixth.
    @Test
    void aDrawingsPointsLieWhereItIsDarkAndItsDensityIsKnown() throws IOException {
        var image = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 40; x++) {
                image.getRaster().setSample(x, y, 0, x < 20 ? 0 : y < 20 ? 128 : 255);
            }
        }
        var drawing = (DrawnDensity) open(Choice.DataSet.DRAWING, file("d.png", Images.encode(image, "png")), 32, "");
        int left = 0;
        int top = 0;
        for (int i = 0; i < 20_000; i++) {
            var point = sample(drawing, i);
            assertTrue(Math.abs(point[0]) <= 2 && Math.abs(point[1]) <= 2, "within the square");
            assertTrue(drawing.density(point[0], point[1]) > 0, "where there is ink");
            left += point[0] < 0 ? 1 : 0;
            top += point[0] > 0 && point[1] > 0 ? 1 : 0;
        }
        assertEquals(0.8, left / 20_000.0, 0.02);
        assertEquals(0.2, top / 20_000.0, 0.02);
        double mass = 0;
        for (int i = 0; i < 400; i++) {
            for (int j = 0; j < 400; j++) {
                mass += drawing.density((i + 0.5) / 100 - 2, (j + 0.5) / 100 - 2) / 10_000;
            }
        }
        assertEquals(1, mass, 1e-2);
        assertEquals(0, drawing.density(2.1, 0));
    }

    @Test
    void nothingDrawnIsRefused() throws IOException {
        var white = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        white.getRaster().setSamples(0, 0, 40, 40, 0, IntStream.generate(() -> 255).limit(1600).toArray());
        assertTrue(refusal(Choice.DataSet.DRAWING, file("white.png", Images.encode(white, "png")), 32, "").contains("nothing but white"));
        assertTrue(refusal(Choice.DataSet.DRAWING, file("text.png", new byte[] {1, 2, 3}), 32, "").contains("expected an image"));
    }

    private static byte[] npy(String type, String shape, ByteBuffer values) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
        var bytes = ByteBuffer.allocate(10 + header.length() + values.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII)).put(values.rewind());
        return bytes.array();
    }

    private static ByteBuffer floats(float... values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    @Test
    void anArraysImagesAreThosePixels() throws IOException {
        var bytes = new byte[2 * 4 * 4];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (8 * i);
        }
        byte[] array = npy("|u1", "2, 4, 4", ByteBuffer.wrap(bytes));
        var zipped = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(zipped)) {
            zip.putNextEntry(new ZipEntry("images.npy"));
            zip.write(array);
        }
        for (var file : List.of(file("a.npy", array), file("a.npz", zipped.toByteArray()))) {
            var data = open(Choice.DataSet.ARRAY, file, 4, "");
            assertEquals(2, data.size());
            assertArrayEquals(new int[] {4, 4, 1}, data.shape());
            for (int i = 0; i < 16; i++) {
                assertEquals(8 * (16 + i) / 255f, sample(data, 1)[i]);
            }
        }
        assertTrue(refusal(Choice.DataSet.ARRAY, folder.resolve("a.npy"), 5, "").contains("expected images [n, 5, 5, 1], found [2, 4, 4]"));
    }

    /// Ten megabytes of zeros take ten kilobytes; the archive says that they are a hundred bytes.
    @Test
    void anArchiveThatLiesAboutItsSizeIsRefused() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(zipped)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(npy("|u1", "10, 1024, 1024", ByteBuffer.allocate(10 << 20)));
        }
        byte[] bytes = zipped.toByteArray();
        var archive = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        archive.putInt(archive.getInt(bytes.length - 6) + 24, 100); // where the directory begins, and in it the size
        String message = refusal(Choice.DataSet.ARRAY, file("lies.npz", bytes), 1024, "");
        assertTrue(message.contains("more than the 100 bytes"), message);
    }

    @Test
    void pixelsBeyondWhiteAreRefused() throws IOException {
        var values = new float[16];
        values[5] = 200;
        var data = open(Choice.DataSet.ARRAY, file("f.npy", npy("<f4", "1, 4, 4, 1", floats(values))), 4, "");
        assertTrue(assertThrows(UserError.class, () -> sample(data, 0)).getMessage().contains("expected pixels from 0 to 1, found 200.0 in image 0"));
    }

    @Test
    void anArraysColumnsArePoints() throws IOException {
        var file = file("p.npy", npy("<f4", "2, 3", floats(1, 5, 7, 3, 5, 9)));
        var data = open(Choice.DataSet.ARRAY, file, 4, "2, 0");
        assertArrayEquals(new float[] {-1, -1}, sample(data, 0));
        assertArrayEquals(new float[] {1, 1}, sample(data, 1));
        assertTrue(refusal(Choice.DataSet.ARRAY, file, 4, "3").contains("data.columns"));
        assertTrue(refusal(Choice.DataSet.ARRAY, file, 4, "1").contains("expected finite numbers that differ in column 1"));
    }

    private Path npz(String file, Map<String, byte[]> arrays) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(zipped)) {
            for (var array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
            }
        }
        return file(file, zipped.toByteArray());
    }

    private static byte[] labels(String shape, int... values) {
        var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putLong);
        return npy("<i8", shape, bytes);
    }

    @ParameterizedTest
    @CsvSource({"x, y", "data, labels", "images, y"})
    void anArchivesLabelsAreTheClassesOfItsRows(String data, String labels) throws IOException {
        byte[] images = npy("|u1", "3, 4, 4", ByteBuffer.allocate(48));
        var pictures = open(Choice.DataSet.ARRAY, npz("i.npz", Map.of(data, images, labels, labels("3", 4, 0, 2))), 4, "");
        byte[] rows = npy("<f4", "3, 3", floats(1, 5, 7, 3, 5, 9, 0, 6, 1));
        var points = open(Choice.DataSet.ARRAY, npz("p.npz", Map.of(data, rows, labels, labels("3, 1", 4, 0, 2))), 4, "0-2");
        for (var set : List.of(pictures, points)) {
            assertEquals(5, set.classes());
            assertEquals(List.of(4, 0, 2), List.of(set.label(0), set.label(1), set.label(2)));
        }
        assertEquals(Dataset.Kind.POINTS, points.kind());
        assertEquals(0, open(Choice.DataSet.ARRAY, npz("n.npz", Map.of(labels, rows)), 4, "1, 0, 2").classes(), "an only array is the data");
        var other = open(Choice.DataSet.ARRAY, npz("o.npz", Map.of(data, images, labels, labels("3", 4, 0, 1))), 4, "");
        assertEquals(List.of("labels: not the same"), other.fingerprint().differences(pictures.fingerprint()));
    }

    @Test
    void labelsThatAreNoneAreRefusedWithTheirPlace() throws IOException {
        byte[] images = npy("|u1", "3, 4, 4", ByteBuffer.allocate(48));
        var wrong = Map.of("expected labels [3], one for each row of the data, found [2]", labels("2", 0, 1),
                "expected labels [3], one for each row of the data, found [3, 2]; of one-hot rows save argmax(axis=1)",
                labels("3, 2", 0, 1, 1, 0, 1, 0),
                "expected labels that are whole numbers from 0 to 65,535, found -1.0 in row 1", labels("3", 0, -1, 0),
                "found 0.5 in row 2", npy("<f4", "3", floats(0, 1, 0.5f)));
        for (var each : wrong.entrySet()) {
            String message = refusal(Choice.DataSet.ARRAY, npz("w.npz", Map.of("x", images, "y", each.getValue())), 4, "");
            assertTrue(message.contains(each.getKey()), message);
        }
        String message = refusal(Choice.DataSet.ARRAY, npz("w.npz", Map.of("a", images, "b", images, "y", images)), 4, "");
        assertTrue(message.contains("expected one array, or one called x or data"), message);
    }

    @Test
    void arraysOfAllTypesOfIntegersAreRead() throws IOException {
        for (String type : List.of("|u1", "|i1", "|b1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8")) {
            int width = Character.digit(type.charAt(2), 10);
            var bytes = ByteBuffer.allocate(2 * width);
            bytes.put(0, (byte) 1);
            bytes.put(width, (byte) (type.startsWith("b", 1) ? 0 : 100));
            var data = open(Choice.DataSet.ARRAY, file("t.npy", npy(type, "2, 1", bytes)), 4, "0");
            var facts = data.fingerprint().facts();
            assertEquals(type.startsWith("b", 1) ? "0.5" : "50.5", facts.get("mean of 0"), type);
        }
        var most = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putShort((short) -1).putShort((short) -3);
        assertEquals("65534.0", open(Choice.DataSet.ARRAY, file("u.npy", npy("<u2", "2", most)), 4, "0").fingerprint().facts().get("mean of 0"));
        assertEquals("-2.0", open(Choice.DataSet.ARRAY, file("i.npy", npy("<i2", "2", most)), 4, "0").fingerprint().facts().get("mean of 0"));
    }

    /// Each sample, scaled back, is its row.
    @Test
    void aTableOfManyColumnsGivesItsRowsBack() throws IOException {
        var file = file("t.csv", "a,b,c,d\n1,10,1e9,x\n3,30,1000000001,y\n5,55,1000000005,z\n".getBytes(StandardCharsets.UTF_8));
        var config = data(Choice.DataSet.TABLE, file, 4, "c, a, b");
        var data = Datasets.open(config, Progress.NONE);
        assertArrayEquals(new int[] {3}, Datasets.shape(config));
        assertEquals(Dataset.Kind.POINTS, data.kind());
        assertEquals(data.kind(), Form.of(config).kind());
        var columns = Columns.of(config, data.fingerprint());
        assertEquals(List.of("c", "a", "b"), columns.names());
        double[][] rows = {{1e9, 1, 10}, {1e9 + 1, 3, 30}, {1e9 + 5, 5, 55}};
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < 3; column++) {
                assertEquals(rows[row][column], columns.value(column, sample(data, row)[column]), 1e-5);
            }
        }
    }

    @Test
    void aTablesColumnsAreScaledAndItsFingerprintSaysHow() throws IOException {
        var file = file("t.csv", "name,height,\"weight, kg\"\na,1,10\nb,3,30\n\nc,5,50\n".getBytes(StandardCharsets.UTF_8));
        var data = open(Choice.DataSet.TABLE, file, 4, "height");
        assertEquals(Dataset.Kind.POINTS_1D, data.kind());
        assertEquals(3, data.size());
        double deviation = Math.sqrt(8 / 3.0);
        assertArrayEquals(new float[] {(float) (-2 / deviation)}, sample(data, 0));
        assertEquals("3.0", data.fingerprint().facts().get("mean of height"));
        assertEquals(Double.toString(deviation), data.fingerprint().facts().get("deviation of height"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1,2\n3,x\n", "a,b\n1,2\n3\n", "a,b\n1,2\n3,NaN\n", "a,c\n1,2\n3,4\n", "a,b\n1,2\n", "a,a\n1,2\n3,4\n",
        "a,b\n1,\"2\n", "", "a,b\n1,2\n3,2\n"})
    void whatIsNoTableOfNumbersIsRefusedWithItsPlace(String text) throws IOException {
        String message = refusal(Choice.DataSet.TABLE, file("t.csv", text.getBytes(StandardCharsets.UTF_8)), 4, "a, b");
        assertTrue(message.contains("t.csv: expected"), message);
        if (text.endsWith("x\n")) {
            assertTrue(message.contains("expected a finite number in column b of line 3, found \"x\""), message);
        }
    }
}
