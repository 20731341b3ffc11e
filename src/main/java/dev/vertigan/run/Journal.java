package dev.vertigan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// `journal.jsonl`: every control and edit of a run with its step, each on disk before [#append] returns.
///
/// Edits are replayed from it on resume, so a changed bit would change the run: every line carries a CRC of itself.
/// A crash tears at most the last line, which was never acknowledged; [#open] drops it and says so. Thread-safe.
public final class Journal implements AutoCloseable {

    /// What happened. ORIGIN: what the run was made from. EDIT: its details are the settings changed. BEST, BOOKMARK: the checkpoint of that step
    /// is to be kept. DATA: files became rows of a stream.
    public enum Kind { ORIGIN, START, RESUME, STOP, EDIT, CHECKPOINT, FAILURE, ROLLBACK, FINISH, BEST, BOOKMARK, FINDING, DATA }

    /// One line.
    ///
    /// @param step turns completed when it happened
    /// @param time milliseconds since the epoch
    /// @param details a JSON object, read-only by agreement
    public record Entry(long step, long time, Kind kind, ObjectNode details) {

        /// The branch that this rollback opened, if it did: what is journalled before of later steps is of a branch that was left.
        public OptionalInt branch() {
            return kind == Kind.ROLLBACK && details.has(Checkpoint.BRANCH) ? OptionalInt.of(details.get(Checkpoint.BRANCH).asInt())
                    : OptionalInt.empty();
        }
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CRC = ",\"crc32c\":\""; // then 8 hexadecimal digits and SUFFIX; over all of the line before it
    private static final String SUFFIX = "\"}";
    private static final int TAIL = CRC.length() + 8 + SUFFIX.length();

    private final Path file;
    private final FileChannel channel;
    private Optional<String> torn = Optional.empty();
    private int position; // entries
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Marks marks = new Marks();
    private long end; // of the last good line

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens or creates the journal.
    ///
    /// @throws UserError if it cannot be, or if any line but the last is damaged
    public static Journal open(Path file) {
        return open(file, Durable.DISK);
    }

    static Journal open(Path file, Durable disk) {
        FileChannel channel = null;
        try {
            channel = disk.openOrCreate(file, Durable.ownerOnly(file));
            var journal = new Journal(file, channel);
            journal.load();
            disk.forceFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            return journal;
        } catch (IOException e) {
            closeQuietly(channel);
            throw Failures.of(file, "a journal that can be read and written", e);
        } catch (UserError e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // the failure that led here is the one to report
        }
    }

    /// What a crash while appending can leave of a line: its beginning, or zeros where its bytes never reached the disk.
    private static boolean cutShort(byte[] line, boolean ended) {
        if (!ended) {
            return true;
        }
        for (byte b : line) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private void load() throws IOException {
        Lines.visit(channel, 0, (begin, next, line, ended) -> {
            Optional<Entry> entry = ended ? decode(new String(line, StandardCharsets.UTF_8)) : Optional.empty();
            if (torn.isPresent() || entry.isEmpty() && !cutShort(line, ended)) {
                throw new UserError(String.format(Locale.ROOT,
                        "%s, line %d: expected a journal entry with its checksum, found '%s'. Going on without it could change the run. ", file,
                        position + 1, torn.orElse(quote(line)))
                        + "Bring back a good copy of the file; or remove that line, if what it did need not be repeated.");
            }
            if (entry.isPresent()) {
                counts.merge(entry.get().kind(), 1, Integer::sum);
                marks.take(entry.get());
                position++;
                end = next;
            } else {
                torn = Optional.of(quote(line));
            }
            return true;
        });
        if (torn.isPresent()) {
            Durable.cut(channel, end);
        }
    }

    private static String quote(byte[] line) {
        return new String(line, 0, Math.min(line.length, 200), StandardCharsets.UTF_8);
    }

    /// What [#open] found of a last line that a crash cut short, and dropped.
    public Optional<String> torn() {
        return torn;
    }

    /// Adds an entry, stamped with the present time; on disk when this returns.
    ///
    /// @throws UserError if it could not be written; the journal is as before then
    public synchronized Entry append(long step, Kind kind, ObjectNode details) {
        var entry = new Entry(step, System.currentTimeMillis(), kind, details.deepCopy());
        byte[] line = (encode(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        if (line.length > Lines.MAX) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "details: expected at most %d bytes, found %d", Lines.MAX, line.length));
        }
        try {
            Durable.append(channel, end, ByteBuffer.wrap(line), true);
        } catch (IOException e) {
            throw Failures.of(file, "room for an entry", e);
        }
        end += line.length;
        counts.merge(kind, 1, Integer::sum);
        marks.take(entry);
        position++;
        return entry;
    }

    public Entry append(long step, Kind kind) {
        return append(step, kind, JSON.createObjectNode());
    }

    /// All entries, oldest first, read from the file: a run of months keeps none of them in memory.
    ///
    /// @throws UserError if it cannot be read any more
    public synchronized List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        try {
            Lines.visit(channel, 0, (begin, next, line, ended) -> next <= end && entries.add(decode(new String(line, StandardCharsets.UTF_8))
                    .orElseThrow(
                            () -> new UserError(String.format(Locale.ROOT, "%s, line %d: damaged since it was opened: '%s'", file, entries.size() + 1,
                                    quote(line))))));
        } catch (IOException e) {
            throw Failures.of(file, "a journal that can be read", e);
        }
        return entries;
    }

    /// The entries of a journal that another process may be writing, oldest first; changes nothing.
    ///
    /// @throws UserError if it cannot be read, or any line but the last is damaged
    public static List<Entry> read(Path file) {
        var entries = new ArrayList<Entry>();
        try (var channel = Durable.DISK.open(file, Set.of(StandardOpenOption.READ))) {
            Lines.visit(channel, 0, (_, _, line, ended) -> {
                var entry = ended ? decode(new String(line, StandardCharsets.UTF_8)) : Optional.<Entry>empty();
                entry.ifPresent(entries::add);
                if (entry.isEmpty() && !cutShort(line, ended)) {
                    throw new UserError(String.format(Locale.ROOT, "%s, line %d: expected a journal entry with its checksum, found '%s'", file,
                            entries.size() + 1, quote(line)));
                }
                return entry.isPresent();
            });
        } catch (IOException e) {
            throw Failures.of(file, "a journal that can be read", e);
        }
        return entries;
    }

    /// The entries on the way that led to the end: those of left branches only up to where they were left.
    public static List<Entry> ofBranch(List<Entry> entries) {
        var kept = new ArrayList<Entry>();
        for (var entry : entries) {
            if (entry.branch().isPresent()) {
                kept.removeIf(before -> before.step() > entry.step());
            }
            kept.add(entry);
        }
        return kept;
    }

    /// The entries of one kind, oldest first.
    public List<Entry> entries(Kind kind) {
        return entries().stream().filter(entry -> entry.kind() == kind).toList();
    }

    /// Number of entries: what a checkpoint keeps as [Checkpoint#JOURNAL_POSITION].
    public synchronized int position() {
        return position;
    }

    /// What is said of the steps whose checkpoints are worth more than others.
    synchronized Map<Long, Retention.Reason> marks() {
        return Map.copyOf(marks.all());
    }

    /// Number of entries of one kind.
    public synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    @Override
    public synchronized void close() {
        closeQuietly(channel); // all of it is on disk already
    }

    private static String encode(Entry entry) {
        var node = JSON.createObjectNode().put("step", entry.step()).put("time", entry.time());
        node.put("kind", entry.kind().name().toLowerCase(Locale.ROOT)).set("details", entry.details());
        String json = node.toString();
        String body = json.substring(0, json.length() - 1);
        return body + CRC + crc(body) + SUFFIX;
    }

    private static Optional<Entry> decode(String line) {
        String body = line.substring(0, Math.max(0, line.length() - TAIL));
        if (!line.equals(body + CRC + crc(body) + SUFFIX)) {
            return Optional.empty();
        }
        try {
            var node = JSON.readTree(line);
            var kind = Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT));
            return node.path("details") instanceof ObjectNode details
                    ? Optional.of(new Entry(node.path("step").asLong(), node.path("time").asLong(), kind, details))
                    : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String crc(String body) {
        var crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
