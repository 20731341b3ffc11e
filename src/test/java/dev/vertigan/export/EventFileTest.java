package dev.vertigan.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {

    @TempDir
    Path folder;

    @Test
    void recordsAreWholeAndEventsReadBack() throws IOException {
        byte[] png = {1, 2, 3};
        Path file;
        try (var events = new EventFile(folder.resolve("run"), 1_700_000_000)) {
            events.scalars(1_700_000_001.5, 10, Map.of("loss/lossD", 0.25));
            events.image(1_700_000_002, 300, "samples", 5, 7, png);
            file = events.file();
        }
        var records = records(Files.readAllBytes(file));
        assertEquals(List.of(
                event(1_700_000_000, 0, "1a0d627261696e2e4576656e743a32"),
                event(1_700_000_001.5, 10, "2a130a110a0a6c6f73732f6c6f737344150000803e"),
                event(1_700_000_002, 300, "2a180a160a0773616d706c6573220b0807100518032203010203")), records);
    }

    /// Field 1, a double; field 2, a varint; and what follows.
    private static String event(double time, int step, String rest) {
        var head = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x09).putDouble(time).array();
        String steps = step < 128 ? String.format(Locale.ROOT, "10%02x", step)
                : String.format(Locale.ROOT, "10%02x%02x", step & 0x7F | 0x80, step >> 7);
        return hex(head) + steps + rest;
    }

    private static List<String> records(byte... bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var records = new ArrayList<String>();
        while (buffer.hasRemaining()) {
            byte[] length = take(buffer, 8);
            assertEquals(masked(length), buffer.getInt());
            byte[] event = take(buffer, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
            assertEquals(masked(event), buffer.getInt());
            records.add(hex(event));
        }
        return records;
    }

    private static byte[] take(ByteBuffer buffer, int count) {
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    /// CRC-32C bit by bit (RFC 3720, appendix B.4), masked as record files have it.
    private static int masked(byte... bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    private static String hex(byte... bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
