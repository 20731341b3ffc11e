package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        NpyWriter.write(file, values, 3, 1, 2);
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
    void aShapeOfAnotherSizeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> NpyWriter.write(folder.resolve("a.npy"), new float[5], 2, 3));
    }
}
