package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorBytesTest {

    private static Tensor random(ElementType type, long... shape) {
        Tensor tensor = Tensor.allocate(type, shape);
        Random random = new Random(3);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[TensorBytes.size(tensor)];
        TensorBytes.write(tensor, ByteBuffer.wrap(bytes));
        return bytes;
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
            for (long[] shape : new long[][] {{}, {0}, {1}, {7}, {3, 5}, {2, 0, 4}, {2, 3, 4, 5}}) {
                for (boolean direct : new boolean[] {false, true}) {
                    Tensor tensor = random(type, shape);
                    int size = TensorBytes.size(tensor);
                    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(size + 7) : ByteBuffer.allocate(size + 7);
                    buffer.position(3);
                    TensorBytes.write(tensor, buffer);
                    assertEquals(3 + size, buffer.position());
                    assertEquals(ByteOrder.BIG_ENDIAN, buffer.order(), "the buffer's order is the caller's");
                    buffer.position(3);
                    Tensor read = TensorBytes.read(buffer);
                    assertEquals(3 + size, buffer.position());
                    assertEquals(type, read.type());
                    assertArrayEquals(shape, read.shape());
                    assertEquals(-1, tensor.segment().mismatch(read.segment()));
                }
            }
        }
    }

    @Test
    void elementsAreLittleEndianAndAViewWritesItsOwn() {
        Tensor tensor = Tensor.allocate(ElementType.FLOAT32, 3, 2);
        tensor.set(4, 1.5);
        ByteBuffer buffer = ByteBuffer.allocate(8);
        TensorBytes.writeElements(tensor.rows(2, 1), buffer);
        assertArrayEquals(new byte[] {0, 0, (byte) 0xc0, 0x3f, 0, 0, 0, 0}, buffer.array());
    }

    @Test
    void elementsGoThroughChannels() throws IOException {
        Tensor tensor = random(ElementType.FLOAT32, 700, 999); // more than one chunk
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TensorBytes.writeElements(tensor, Channels.newChannel(out));
        assertEquals(700 * 999 * 4, out.size());
        Tensor read = Tensor.allocate(ElementType.FLOAT32, 700, 999);
        TensorBytes.readElements(Channels.newChannel(new ByteArrayInputStream(out.toByteArray())), read);
        assertEquals(-1, tensor.segment().mismatch(read.segment()));

        byte[] cut = Arrays.copyOf(out.toByteArray(), out.size() - 1);
        var thrown = assertThrows(EOFException.class, () -> TensorBytes.readElements(Channels.newChannel(new ByteArrayInputStream(cut)), read));
        assertTrue(thrown.getMessage().contains("2797200"), thrown.getMessage());
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = bytes(random(ElementType.FLOAT32, 3, 5));
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer buffer = ByteBuffer.wrap(whole, 0, length);
            assertThrows(IllegalArgumentException.class, () -> TensorBytes.read(buffer), "length " + length);
            assertEquals(0, buffer.position());
        }
    }

    @Test
    void badHeadersAreRefusedByName() {
        assertRefused(0, (byte) 'X', "magic");
        assertRefused(4, (byte) 3, "type");
        assertRefused(5, (byte) 9, "dimensions");
        assertRefused(5, (byte) -1, "dimensions");
        assertRefused(13, (byte) 0x80, "extents"); // negative
        assertRefused(12, (byte) 0x7f, "2³¹"); // 2⁵⁴ and more rows
        assertRefused(6, (byte) 4, "expected 80 bytes");
    }

    private static void assertRefused(int at, byte value, String named) {
        byte[] bytes = bytes(random(ElementType.FLOAT32, 3, 5));
        bytes[at] = value;
        var thrown = assertThrows(IllegalArgumentException.class, () -> TensorBytes.read(ByteBuffer.wrap(bytes)));
        assertTrue(thrown.getMessage().contains(named), thrown.getMessage());
    }

    /// 2⁶² · 4 elements of 4 bytes: the product overflows to 0.
    @Test
    void overflowingShapesAreRefused() {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("VGT1".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 2).putLong(1L << 62).putLong(4).clear();
        assertThrows(IllegalArgumentException.class, () -> TensorBytes.read(bytes));
    }

    @Test
    void randomBytesNeverDoWorseThanThrow() {
        Random random = new Random(9);
        byte[] good = bytes(random(ElementType.FLOAT64, 2, 3));
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(22)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Tensor tensor = TensorBytes.read(ByteBuffer.wrap(bytes));
                assertTrue(TensorBytes.size(tensor) <= bytes.length);
            } catch (IllegalArgumentException expected) {
                assertTrue(expected.getMessage().startsWith("tensor bytes: "), expected.getMessage());
            }
        }
    }

    @Test
    void tooLittleRoomIsRefused() {
        Tensor tensor = random(ElementType.FLOAT32, 3, 5);
        assertThrows(IllegalArgumentException.class, () -> TensorBytes.write(tensor, ByteBuffer.allocate(TensorBytes.size(tensor) - 1)));
        assertThrows(IllegalArgumentException.class, () -> TensorBytes.writeElements(tensor, ByteBuffer.allocate(59)));
        assertThrows(IllegalArgumentException.class, () -> TensorBytes.readElements(ByteBuffer.allocate(59), tensor));
    }
}
