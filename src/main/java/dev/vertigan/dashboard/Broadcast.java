package dev.vertigan.dashboard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// What every client is sent alike: messages in the order they came, each with a number, and encoded once, when the first client is sent it.
/// A client is no more than the number of the last message that it was sent.
///
/// Bounded, however many clients there are and however slow they are: of most kinds only the newest message stays; of [Kind#REPORTS] and
/// [Kind#EXCHANGES] as many as there is room for.
///
/// Pure: no sockets, no clock, no threads.
final class Broadcast {

    enum Kind { STATUS, TEMPO, PULSE, EXCHANGES, REPORTS, FAKE, REAL, SCENE }

    /// Messages of turns that stay.
    private static final int EXCHANGES = 64;

    /// Pieces of which a batch is made at most, of those that stay.
    private static final int BATCHES = 8;

    private final Consumer<Message> lost;
    private final Map<Kind, Batch> batches = new EnumMap<>(Kind.class);
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final Map<Kind, Message> newest = new EnumMap<>(Kind.class);
    private long last;
    private long released;

    /// @param rows reports that stay
    /// @param lost told of each message that goes: to a client that was not sent it, it is lost
    Broadcast(int rows, Consumer<Message> lost) {
        this.lost = lost;
        batches.put(Kind.REPORTS, new Batch(rows));
        batches.put(Kind.EXCHANGES, new Batch(EXCHANGES));
    }

    /// One message, for all clients.
    static final class Message {

        private final long number;
        private final Kind kind;
        private final int count;
        private final LongFunction<byte[]> encoder;
        private Optional<ByteBuf> encoded = Optional.empty();

        private Message(long number, Kind kind, int count, LongFunction<byte[]> encoder) {
            this.number = number;
            this.kind = kind;
            this.count = count;
            this.encoder = encoder;
        }

        /// From 1, ascending.
        long number() {
            return number;
        }

        Kind kind() {
            return kind;
        }

        /// What is in it: reports, exchanges, or the one thing.
        int count() {
            return count;
        }

        /// Whether it is text, rather than binary.
        boolean isText() {
            return switch (kind) {
                case STATUS, TEMPO, PULSE, EXCHANGES, REPORTS -> true;
                case FAKE, REAL, SCENE -> false;
            };
        }

        /// A view, with an index of its own, of bytes that all clients share. They lie outside the heap, where a socket takes them from.
        ByteBuf bytes() {
            if (encoded.isEmpty()) {
                byte[] bytes = encoder.apply(number);
                encoded = Optional.of(Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip()));
            }
            return encoded.get().duplicate();
        }
    }

    /// What has come of a kind of which each counts, until it is made a message.
    private static final class Batch {

        final int room;
        final List<String> items = new ArrayList<>();
        Encoder encoder = (_, _) -> new byte[0];
        int kept;

        Batch(int room) {
            this.room = room;
        }
    }

    /// Makes a message of a batch.
    interface Encoder {

        byte[] encode(long number, List<String> items);
    }

    /// Takes the place of the one before of that kind.
    ///
    /// @param encoder given the message's number; called at most once, and only if it is sent
    void put(Kind kind, LongFunction<byte[]> encoder) {
        seal();
        add(kind, 1, encoder);
    }

    /// Adds to the batch of that kind.
    ///
    /// @param encoder of the batch that this is the first of
    void gather(Kind kind, String item, Encoder encoder) {
        var batch = batch(kind);
        if (batch.items.isEmpty()) {
            batch.encoder = encoder;
        }
        batch.items.add(item);
        if (batch.items.size() * BATCHES >= batch.room) {
            seal(kind, batch);
        }
    }

    private Batch batch(Kind kind) {
        return Optional.ofNullable(batches.get(kind)).orElseThrow();
    }

    /// Makes messages of what was gathered, so that what comes next comes after it.
    void seal() {
        batches.forEach(this::seal);
    }

    private void seal(Kind kind, Batch batch) {
        if (!batch.items.isEmpty()) {
            var items = List.copyOf(batch.items);
            var encoder = batch.encoder;
            batch.items.clear();
            batch.kept += items.size();
            add(kind, items.size(), number -> encoder.encode(number, items));
        }
    }

    private void add(Kind kind, int count, LongFunction<byte[]> encoder) {
        var message = new Message(++last, kind, count, encoder);
        messages.put(last, message);
        var before = Optional.ofNullable(newest.put(kind, message));
        if (batches.containsKey(kind)) {
            shorten(kind, batch(kind));
        } else {
            before.ifPresent(this::drop);
        }
    }

    private void shorten(Kind kind, Batch batch) {
        var oldest = messages.values().stream().filter(message -> message.kind == kind).iterator();
        var dropped = new ArrayList<Message>();
        while (batch.kept > batch.room) {
            dropped.add(oldest.next());
            batch.kept -= dropped.getLast().count;
        }
        dropped.forEach(this::drop);
    }

    private void drop(Message message) {
        messages.remove(message.number);
        lost.accept(message);
    }

    /// Lets clients have all that has come.
    void release() {
        seal();
        released = last;
    }

    /// The number of the newest message.
    long last() {
        return last;
    }

    /// What a client may be sent now.
    ///
    /// @param seen the last that it was sent, or need not be sent
    Collection<Message> after(long seen) {
        return seen >= released ? List.of() : messages.subMap(seen, false, released, true).values();
    }

    /// What tells a new client how things stand.
    List<Message> standing() {
        return messages.values().stream().filter(message -> !batches.containsKey(message.kind)).toList();
    }
}
