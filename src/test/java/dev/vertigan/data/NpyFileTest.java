package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyFileTest {

    /// `numpy.save` of NumPy 2.4.6, `np.arange(6).reshape(3, 2) / 2`, says this of it, padded to 128 bytes.
    private static final String NUMPY = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }";

    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.npy"), bytes);
    }

    private static byte[] array(int version, String header, byte... values) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        var head = ByteBuffer.allocate(version == 1 ? 10 : 12).order(ByteOrder.LITTLE_ENDIAN);
        head.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            head.putShort((short) text.length);
        } else {
            head.putInt(text.length);
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.array());
        bytes.writeBytes(text);
        bytes.writeBytes(values);
        return bytes.toByteArray();
    }

    @Test
    void whatNumPySavedIsRead() throws IOException {
        byte[] head = array(1, NUMPY + " ".repeat(117 - NUMPY.length()) + "\n");
        var bytes = ByteBuffer.allocate(head.length + 48).order(ByteOrder.LITTLE_ENDIAN).put(head);
        for (int i = 0; i < 6; i++) {
            bytes.putDouble(i / 2.0);
        }
        try (var array = NpyFile.open(file(bytes.array()))) {
            assertAll(
                    () -> assertArrayEquals(new long[] {3, 2}, array.shape()),
                    () -> assertArrayEquals(new float[] {1, 1.5f, 2, 2.5f}, array.rows(1, 2)),
                    () -> assertThrows(IndexOutOfBoundsException.class, () -> array.rows(2, 2)));
        }
    }

    @Test
    void bytesOfALaterFormatAreRead() throws IOException {
        byte[] bytes = array(3, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 2), }\n", (byte) 0, (byte) 1, (byte) 200, (byte) 255);
        try (var array = NpyFile.open(file(bytes))) {
            assertEquals(2, array.features());
            assertArrayEquals(new float[] {0, 1, 200, 255}, array.rows(0, 2));
        }
    }

    @Test
    void anythingElseIsNamed() throws IOException {
        String good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n";
        byte[] whole = array(1, good, new byte[4]);
        for (byte[] bad : new byte[][] {{}, "hello, this is no array".getBytes(StandardCharsets.US_ASCII), Arrays.copyOf(whole, 9),
            Arrays.copyOf(whole, 20), Arrays.copyOf(whole, whole.length - 1), array(1, good.replace("False", "True"), new byte[4]),
            array(1, good.replace("|u1", ">f4"), new byte[16]), array(1, good.replace("(2, 2)", "()"), new byte[4]),
            array(1, good.replace("(2, 2)", "(9223372036854775807, 4)"), new byte[4])}) {
            var error = assertThrows(UserError.class, () -> NpyFile.open(file(bad)));
            assertTrue(String.valueOf(error.getMessage()).contains("a.npy: expected "), error.getMessage());
        }
    }
}
