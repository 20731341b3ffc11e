package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.dashboard.Broadcast.Kind;
import dev.vertigan.dashboard.Broadcast.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastTest {

    private static final int ROWS = 16;

    private final List<Message> lost = new ArrayList<>();
    private final Broadcast broadcast = new Broadcast(ROWS, lost::add);
    private int encodings;

    private void put(Kind kind, String content) {
        broadcast.put(kind, number -> {
            encodings++;
            return (number + ":" + content).getBytes(StandardCharsets.UTF_8);
        });
    }

    private void report(long step) {
        broadcast.gather(Kind.REPORTS, Long.toString(step), (number, rows) -> {
            encodings++;
            return String.join(",", rows).getBytes(StandardCharsets.UTF_8);
        });
    }

    private static String text(Message message) {
        return message.bytes().toString(StandardCharsets.UTF_8);
    }

    private static List<Long> steps(Message reports) {
        return Arrays.stream(text(reports).split(",")).map(Long::valueOf).toList();
    }

    /// Reads a message as a socket does, which moves the index of what it is given.
    private static String sentTo(@SuppressWarnings("unused") int client, Message message) {
        var bytes = message.bytes();
        var read = new byte[bytes.readableBytes()];
        bytes.readBytes(read);
        return new String(read, StandardCharsets.UTF_8);
    }

    @Test
    void aMessageIsEncodedOnceHoweverManyAreSentIt() {
        put(Kind.SCENE, "scene");
        report(1);
        broadcast.release();
        var messages = List.copyOf(broadcast.after(0));
        for (int client = 0; client < 200; client++) {
            assertEquals("1:scene", sentTo(client, messages.getFirst()));
            assertEquals("1", sentTo(client, messages.getLast()));
        }
        assertEquals(2, encodings);
        var one = messages.getFirst().bytes();
        var other = messages.getFirst().bytes();
        assertNotSame(one, other);
        assertEquals(one.memoryAddress(), other.memoryAddress());
    }

    @Test
    void whatNobodyIsSentIsNotEncoded() {
        for (int step = 1; step <= 100; step++) {
            put(Kind.FAKE, "picture");
            report(step);
            broadcast.release();
        }
        assertEquals(0, encodings);
    }

    @Test
    void onlyTheNewestOfAKindStays() {
        put(Kind.STATUS, "old");
        put(Kind.REAL, "picture");
        put(Kind.STATUS, "new");
        broadcast.release();
        assertEquals(List.of("2:picture", "3:new"), broadcast.after(0).stream().map(BroadcastTest::text).toList());
        assertEquals(List.of(1L), lost.stream().map(Message::number).toList());
        assertEquals(List.of("3:new"), broadcast.after(2).stream().map(BroadcastTest::text).toList());
    }

    @Test
    void nothingIsSentBeforeItsRound() {
        put(Kind.STATUS, "one");
        assertEquals(0, broadcast.after(0).size());
        broadcast.release();
        report(1);
        assertEquals(1, broadcast.after(0).size());
        assertEquals(0, broadcast.after(1).size());
        broadcast.release();
        assertEquals(List.of(1L), steps(broadcast.after(1).iterator().next()));
    }

    @Test
    void whatWasReportedBeforeAStatusComesBeforeIt() {
        report(1);
        put(Kind.STATUS, "back at 0");
        report(1);
        broadcast.release();
        assertEquals(List.of(Kind.REPORTS, Kind.STATUS, Kind.REPORTS), broadcast.after(0).stream().map(Message::kind).toList());
    }

    @Test
    void aNewClientLearnsHowThingsStandAndNothingOfTheReports() {
        report(1);
        put(Kind.TEMPO, "tempo");
        put(Kind.FAKE, "picture");
        assertEquals(List.of("2:tempo", "3:picture"), broadcast.standing().stream().map(BroadcastTest::text).toList());
    }

    /// Whoever reads whenever: reports come in order, none twice, and what a client did not get was counted as lost; and never is more kept than
    /// there is room for.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingPilesUpAndNothingIsLostUncounted(long seed) {
        var random = new Random(seed);
        var seen = new long[5]; // the first reads each round
        var got = new long[seen.length];
        var newest = new long[seen.length];
        var missed = new long[seen.length];
        long step = 0;
        int counted = 0;
        for (int round = 0; round < 2_000; round++) {
            for (int i = random.nextInt(2 * ROWS / seen.length); i > 0; i--) {
                report(++step);
            }
            put(Kind.values()[5 + random.nextInt(3)], "picture");
            broadcast.release();
            for (; counted < lost.size(); counted++) {
                var gone = lost.get(counted);
                for (int client = 0; client < seen.length; client++) {
                    missed[client] += gone.kind() == Kind.REPORTS && gone.number() > seen[client] ? gone.count() : 0;
                }
            }
            for (int client = 0; client < seen.length; client++) {
                if (client == 0 || random.nextInt(10 * client) == 0) {
                    for (var message : broadcast.after(seen[client])) {
                        seen[client] = message.number();
                        for (long row : message.kind() == Kind.REPORTS ? steps(message) : List.<Long>of()) {
                            assertTrue(row > newest[client]);
                            newest[client] = row;
                            got[client]++;
                        }
                    }
                }
            }
            assertTrue(Stream.of(Kind.FAKE, Kind.REAL, Kind.SCENE).allMatch(kind -> kept(kind) <= 1) && kept(Kind.REPORTS) <= ROWS);
        }
        for (int client = 0; client < seen.length; client++) {
            long waiting = broadcast.after(seen[client]).stream().filter(message -> message.kind() == Kind.REPORTS).mapToLong(Message::count).sum();
            assertEquals(step, got[client] + missed[client] + waiting);
        }
        assertTrue(got[0] > 1_000 && missed[0] == 0 && missed[4] > 0);
    }

    private int kept(Kind kind) {
        return broadcast.after(0).stream().filter(message -> message.kind() == kind).mapToInt(Message::count).sum();
    }
}
