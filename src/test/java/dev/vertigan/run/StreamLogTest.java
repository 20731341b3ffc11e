package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamLogTest {

    private static final int WIDTH = 12;

    @TempDir
    private Path temp;

    private static byte[] row(long number) {
        return ByteBuffer.allocate(WIDTH).putLong(number * 77).putInt((int) number).array();
    }

    private static List<byte[]> rows(long from, long to) {
        return LongStream.range(from, to).mapToObj(StreamLogTest::row).toList();
    }

    private static void assertRows(StreamLog log, long count) {
        byte[] read = new byte[WIDTH];
        for (long row = 0; row < count; row++) {
            log.read(row, read);
            assertArrayEquals(row(row), read, "row " + row);
        }
    }

    @Test
    void rowsAndWhatEachEpochHadAreAsTheyWere() {
        var folder = temp.resolve("stream");
        try (var log = StreamLog.open(folder, WIDTH)) {
            String message = assertThrows(UserError.class, () -> log.begin(0)).getMessage();
            assertTrue(message.contains("none yet"), message);
            log.append(rows(0, 5));
            assertEquals(OptionalLong.empty(), log.at(0));
            assertEquals(5, log.begin(0));
            log.append(rows(5, 9));
            assertEquals(5, log.begin(0));
            assertEquals(9, log.begin(1));
            log.append(rows(9, 10));
            assertEquals(1, log.waiting());
            assertThrows(UserError.class, () -> log.begin(3), "an epoch was left out");
            assertThrows(IndexOutOfBoundsException.class, () -> log.read(10, new byte[WIDTH]));
            try (var other = StreamLog.read(folder, WIDTH)) {
                assertEquals(9, other.begin(1));
                assertThrows(UserError.class, () -> other.begin(2), "only the run itself begins one");
                log.append(rows(10, 40));
                assertRows(other, 40);
            }
        }
        try (var log = StreamLog.open(folder, WIDTH)) {
            assertEquals(List.of(40L, 31L, 0L), List.of(log.size(), log.waiting(), log.torn()));
            assertEquals(OptionalLong.of(5), log.at(0));
            assertEquals(40, log.begin(2));
            assertRows(log, 40);
        }
    }

    @Test
    void aTornTailIsCutOffAndDamageIsRefused() throws IOException {
        var folder = temp.resolve("stream");
        try (var log = StreamLog.open(folder, WIDTH)) {
            log.append(rows(0, 5));
            log.begin(0);
            log.append(rows(5, 8));
        }
        byte[] whole = Files.readAllBytes(folder.resolve("rows.bin"));
        int record = whole.length / 8;
        Files.write(folder.resolve("rows.bin"), Arrays.copyOf(whole, 7 * record + 3));
        try (var log = StreamLog.open(folder, WIDTH)) {
            assertEquals(List.of(7L, 1L), List.of(log.size(), log.torn()));
            log.append(rows(7, 9));
            assertRows(log, 9);
        }
        Files.write(folder.resolve("rows.bin"), Arrays.copyOf(whole, 4 * record));
        assertThrows(UserError.class, () -> StreamLog.open(folder, WIDTH), "an epoch had five rows");
        whole[2 * record + 1] ^= 1;
        Files.write(folder.resolve("rows.bin"), whole);
        try (var log = StreamLog.open(folder, WIDTH)) {
            String message = assertThrows(UserError.class, () -> log.read(2, new byte[WIDTH])).getMessage();
            assertTrue(message.contains("record 2"), message);
        }
        System.arraycopy(whole, 0, whole, record, record); // a good record in another's place
        Files.write(folder.resolve("rows.bin"), whole);
        try (var log = StreamLog.open(folder, WIDTH)) {
            assertThrows(UserError.class, () -> log.read(1, new byte[WIDTH]));
        }
    }

    /// Whatever a power cut leaves at any moment, all that was acknowledged is there, and an epoch has what it had.
    @Test
    void aPowerCutLosesNothingThatWasAcknowledged() throws IOException {
        var recorded = temp.resolve("recorded");
        Files.createDirectories(recorded);
        var disk = new LossyDisk(false, false);
        var promises = new ArrayList<long[]>(List.of(new long[] {0, 0, 0})); // operations done, rows, epochs
        try (var log = StreamLog.open(recorded.resolve("stream"), WIDTH, disk)) {
            for (int i = 0; i < 4; i++) {
                log.append(rows(3L * i, 3L * i + 3));
                promises.add(new long[] {disk.ops().size(), 3L * i + 3, i});
                log.begin(i);
                promises.add(new long[] {disk.ops().size(), 3L * i + 3, i + 1});
            }
        }
        int states = 0;
        for (int done = 0; done <= disk.ops().size(); done++) {
            int now = done;
            var kept = promises.stream().filter(promise -> promise[0] <= now).reduce((_, later) -> later).orElseThrow();
            for (var state : disk.after(done)) {
                var folder = Files.createDirectory(temp.resolve("state-" + states++));
                state.into(folder, recorded);
                try (var log = StreamLog.open(folder.resolve("stream"), WIDTH)) {
                    assertTrue(log.size() >= kept[1], () -> "after " + now + ": rows " + log.size());
                    assertRows(log, log.size());
                    for (long epoch = 0; epoch < kept[2]; epoch++) {
                        assertEquals(OptionalLong.of(3 * epoch + 3), log.at(epoch), "after " + done);
                    }
                }
            }
        }
        assertTrue(states > 40, "only " + states + " states were tried");
    }
}
