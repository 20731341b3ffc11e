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
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Data in files of the user's own: drawings, arrays and tables.
class OwnDataTest {

    @TempDir
    private Path folder;

    private static Dataset open(Choice.DataSet name, Path file, int extent, String columns) {
        return Datasets.open(
                new RunConfig.Data(name, file.toString(), 50_000, Choice.Scale.UNIT, extent, 1, 8, 2, 1, columns, RunConfig.Streamed.DEFAULT, 0),
                Progress.NONE);
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
