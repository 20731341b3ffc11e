package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    @TempDir
    Path folder;

    private static final SortedMap<String, Tensor> SMALL = new TreeMap<>(Map.of(
            "w", Samples.tensor(1, ElementType.FLOAT32, 2, 3), "b", Samples.tensor(2, ElementType.FLOAT64, 3)));

    @Test
    void readsBackWhatItWrote() throws Exception {
        var random = new Random(7);
        for (int round = 0; round < 30; round++) {
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                long[] shape = random.longs(random.nextInt(4), 0, 9).toArray();
                tensors.put("t \"é\n" + random.nextInt(), Samples.tensor(i, random.nextBoolean() ? ElementType.FLOAT32 : ElementType.FLOAT64, shape));
            }
            var metadata = Map.of("config_sha256", "ab", "über", "\\ \"x\" \u0000 𝄞");
            Path file = folder.resolve("round-" + round);
            Safetensors.write(file, tensors, metadata);
            Safetensors.verify(file);
            var content = Safetensors.read(file);
            assertTrue(Samples.same(tensors, content.tensors()), () -> tensors + " / " + content.tensors());
            assertEquals(metadata, content.metadata());
        }
    }

    /// What the published format asks for, checked without the reader.
    @Test
    void isASafetensorsFile() throws Exception {
        Path file = folder.resolve("file");
        Safetensors.write(file, SMALL, Map.of("note", "hello"));
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(bytes.getLong());
        assertEquals(0, (8 + length) % 64);
        var header = new ObjectMapper().readTree(bytes.array(), 8, length);
        assertEquals("hello", header.at("/__metadata__/note").textValue());
        assertEquals("{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[0,24]}", header.get("b").toString());
        assertEquals("{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[24,48]}", header.get("w").toString());
        assertEquals(8 + length + 48, bytes.capacity());
        for (int i = 0; i < 3; i++) {
            assertEquals(SMALL.get("b").get(i), bytes.getDouble(8 + length + 8 * i));
        }
        for (int i = 0; i < 6; i++) {
            assertEquals((float) SMALL.get("w").get(i), bytes.getFloat(8 + length + 24 + 4 * i));
        }
        byte[] data = Arrays.copyOfRange(bytes.array(), 8 + length, bytes.capacity());
        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        assertEquals(sha256, header.at("/__metadata__/data_sha256").textValue());
        assertEquals(sha256, Safetensors.sha256(SMALL));
    }

    @Test
    void aTensorLargerThanOneBufferKeepsItsHash() throws Exception {
        SortedMap<String, Tensor> large = new TreeMap<>(Map.of("w", Samples.tensor(3, ElementType.FLOAT32, 700, 1001)));
        Safetensors.write(folder.resolve("file"), large, Map.of());
        Safetensors.verify(folder.resolve("file"));
        assertTrue(Samples.same(large, Safetensors.read(folder.resolve("file")).tensors()));
        byte[] bytes = new byte[700 * 1001 * 4];
        large.get("w").segment().asByteBuffer().get(bytes);
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)), Safetensors.sha256(large));
    }

    @Test
    void noTruncationGoesUnseen() throws Exception {
        Path file = folder.resolve("file");
        Safetensors.write(file, SMALL, Map.of("note", "hello"));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            rejects(Arrays.copyOf(whole, length), "length " + length);
        }
        rejects(Arrays.copyOf(whole, whole.length + 1), "a byte more");
    }

    @Test
    void noFlippedBitGoesUnseen() throws Exception {
        Path file = folder.resolve("file");
        Safetensors.write(file, SMALL, Map.of("note", "hello"));
        byte[] bytes = Files.readAllBytes(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                byte flipped = (byte) (bytes[bit / 8] ^ 1 << bit % 8);
                channel.write(ByteBuffer.wrap(new byte[] {flipped}), bit / 8);
                assertThrows(CorruptCheckpoint.class, () -> Safetensors.verify(file), "bit " + bit);
                assertThrows(CorruptCheckpoint.class, () -> Safetensors.read(file), "bit " + bit);
                channel.write(ByteBuffer.wrap(bytes, bit / 8, 1), bit / 8);
            }
        }
        Safetensors.verify(file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-1 | {} | header of at most",
        "9223372036854775807 | {} | header of at most",
        "100000001 | {} | header of at most",
        "1000 | {} | header of at most",
        "0 | '' | JSON",
        "-2 | [] | JSON object",
        "-2 | {}{} | JSON header",
        "-2 | {'a':1,'a':1} | JSON header",
        "-2 | {'__metadata__':[]} | __metadata__",
        "-2 | {'__metadata__':{'a':1}} | string as metadata a",
        "-2 | {'a':1} | dtype, shape and data_offsets",
        "-2 | {'a':{'dtype':'F16','shape':[1],'data_offsets':[0,2]}} | F32 or F64",
        "-2 | {'a':{'dtype':'F32','shape':1,'data_offsets':[0,4]}} | array as a.shape",
        "-2 | {'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | integers",
        "-2 | {'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}} | integers",
        "-2 | {'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | integers",
        "-2 | {'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 2^63",
        "-2 | {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | ascending",
        "-2 | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 8 bytes",
        "-2 | {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | start at byte 0",
        "-2 | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | start at byte 4",
        "-2 | {'a':{'dtype':'F32','shape':[1000000000000],'data_offsets':[0,4000000000000]}} | bytes of data",
        "-2 | {'__metadata__':{}} | header_sha256",
    })
    void saysWhatIsWrongWithAHeader(long length, String json, String message) throws IOException {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length == -2 ? text.length : length).put(text);
        var failure = rejects(bytes.array(), json);
        assertTrue(failure.expected().contains(message), failure::getMessage);
        assertEquals(folder.resolve("bad"), failure.file());
    }

    @Test
    void reservedNamesAreRefused() {
        SortedMap<String, Tensor> reserved = new TreeMap<>(Map.of("__metadata__", Samples.tensor(1, ElementType.FLOAT32)));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(folder.resolve("a"), reserved, Map.of()));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(folder.resolve("a"), SMALL, Map.of("data_sha256", "")));
        assertTrue(Files.notExists(folder.resolve("a")));
    }

    @Test
    void neverWritesOverAFile() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(FileAlreadyExistsException.class, () -> Safetensors.write(file, SMALL, Map.of()));
    }

    private CorruptCheckpoint rejects(byte[] bytes, String how) throws IOException {
        Path bad = folder.resolve("bad");
        Files.deleteIfExists(bad); // file systems flush what is written over, which takes long
        Files.write(bad, bytes);
        assertThrows(CorruptCheckpoint.class, () -> Safetensors.verify(bad), how);
        return assertThrows(CorruptCheckpoint.class, () -> Safetensors.read(bad), how);
    }
}
