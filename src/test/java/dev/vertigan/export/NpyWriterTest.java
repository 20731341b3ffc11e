package dev.vertigan.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {

    @TempDir
    Path folder;

    /// Read as the format's specification tells to.
    @Test
    void theFileIsFormatOne() throws IOException {
        float[] values = {1, -2.5f, Float.NaN, Float.MIN_VALUE, 1e30f, 0};
        var file = folder.resolve("a.npy");
        try (var writer = new NpyWriter(file, 3, 1, 2)) {
            writer.write(Arrays.copyOf(values, 2));
            assertFalse(Files.exists(file), "it has its name once it is whole");
            writer.write(Arrays.copyOfRange(values, 2, 6));
            writer.finish();
        }
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        bytes.get(magic);
        assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, magic);
        byte[] header = new byte[bytes.getShort()];
        bytes.get(header);
        String text = new String(header, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 2,), }", text.strip());
        assertTrue(text.endsWith("\n"));
        assertEquals(0, bytes.position() % 64, "values are aligned");
        float[] read = new float[values.length];
        bytes.asFloatBuffer().get(read);
        assertArrayEquals(values, read);
        assertEquals(values.length * Float.BYTES, bytes.remaining());
    }

    @Test
    void anArrayThatIsNotWholeLeavesNoFile() throws IOException {
        try (var writer = new NpyWriter(folder.resolve("a.npy"), 2, 3)) {
            writer.write(new float[5]);
            assertThrows(IllegalArgumentException.class, writer::finish, "too few");
            assertThrows(IllegalArgumentException.class, () -> writer.write(new float[2]), "too many");
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
