package dev.vertigan.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.UserError;
import dev.vertigan.data.RowForm;
import dev.vertigan.run.Journal;
import dev.vertigan.run.StreamLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder whose files become rows of a stream, each once, by its name, the oldest first; those still being written are left until they are
/// as they were at the scan before.
///
/// The journal says which files come next before their rows are appended, so that after a crash between the two the rest is appended and
/// nothing comes twice. Used by one thread.
final class WatchedFolder {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFolder.class);
    private static final String FIRST = "first";
    private static final String FILES = "files";
    private static final int MOST_FILES = 256; // a journal entry
    private static final long MOST_BYTES = 1 << 28; // of a file
    private static final int MOST_ROWS = 1 << 20; // an entry

    private final Path folder;
    private final RowForm form;
    private final StreamLog log;
    private final Journal journal;
    private final int buffer;
    private final Set<String> taken = new HashSet<>();
    private Map<String, Stamp> seen = Map.of(); // at the last scan
    private final Map<String, Stamp> refused = new HashMap<>();

    private record Stamp(FileTime time, long size) {}

    /// @param folder may not be there yet
    WatchedFolder(Path folder, RowForm form, StreamLog log, Journal journal, int buffer) {
        this.folder = folder;
        this.form = form;
        this.log = log;
        this.journal = journal;
        this.buffer = buffer;
    }

    /// Finds out what was taken before, and appends what a crash left out.
    void recover() {
        var entries = journal.entries(Journal.Kind.DATA);
        entries.forEach(entry -> entry.details().path(FILES).properties().forEach(file -> taken.add(file.getKey())));
        if (!entries.isEmpty()) {
            finish(entries.getLast().details());
        }
    }

    private void finish(ObjectNode last) {
        var files = last.path(FILES);
        long promised = last.path(FIRST).asLong() + files.properties().stream().mapToLong(file -> file.getValue().asLong()).sum();
        if (log.size() >= promised) {
            return;
        }
        var rows = new ArrayList<byte[]>();
        try {
            for (var file : files.properties()) {
                rows.addAll(read(file.getKey()));
            }
        } catch (IOException | UserError e) {
            LOG.warn("{}: the rows of a file that a crash cut short are lost: {}", folder, e.getMessage());
            return;
        }
        int there = Math.toIntExact(log.size() - last.path(FIRST).asLong());
        if (rows.size() == promised - last.path(FIRST).asLong()) {
            log.append(rows.subList(there, rows.size()));
        } else {
            LOG.warn("{}: the rows of files that a crash cut short are lost: the files have changed since: {}", folder, files);
        }
    }

    private List<byte[]> read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (Files.size(file) > MOST_BYTES) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected at most %,d bytes, found %,d; split it", file, MOST_BYTES, Files.size(file)));
        }
        return form.read(name, Files.readAllBytes(file));
    }

    /// Takes what has come, as long as there is room.
    ///
    /// @param step for the journal
    void scan(long step) {
        var found = find();
        var ready = found.entrySet().stream().filter(file -> file.getValue().equals(seen.get(file.getKey())))
                .filter(file -> !file.getValue().equals(refused.get(file.getKey())))
                .sorted(Comparator.comparing((Map.Entry<String, Stamp> file) -> file.getValue().time()).thenComparing(Map.Entry::getKey)).toList();
        seen = found;
        for (int from = 0; from < ready.size() && log.waiting() < buffer;) {
            from += take(ready.subList(from, Math.min(ready.size(), from + MOST_FILES)), step);
        }
    }

    /// @return how many files were looked at
    private int take(List<Map.Entry<String, Stamp>> files, long step) {
        var rows = new ArrayList<byte[]>();
        var counts = JsonNodeFactory.instance.objectNode();
        int looked = 0;
        for (var file : files) {
            if (looked > 0 && (rows.size() >= MOST_ROWS || log.waiting() + rows.size() >= buffer)) {
                break;
            }
            looked++;
            try {
                var more = read(file.getKey());
                rows.addAll(more);
                counts.put(file.getKey(), more.size());
            } catch (IOException | UserError e) {
                refused.put(file.getKey(), file.getValue());
                LOG.warn("{} is not taken: {}", folder.resolve(file.getKey()), e.getMessage());
            }
        }
        if (!rows.isEmpty()) {
            journal.append(step, Journal.Kind.DATA, JsonNodeFactory.instance.objectNode().put(FIRST, log.size()).set(FILES, counts));
            counts.properties().forEach(file -> taken.add(file.getKey()));
            log.append(rows);
        }
        return looked;
    }

    /// Files that may be taken, by name.
    private Map<String, Stamp> find() {
        var files = new TreeMap<String, Stamp>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path file : entries) {
                String name = file.getFileName().toString();
                if (!taken.contains(name) && Files.isRegularFile(file) && isKnown(name)) {
                    files.put(name, new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read now: {}", folder, e.getMessage());
        }
        return files;
    }

    private static boolean isKnown(String name) {
        return !name.startsWith(".")
                && Stream.of(RowForm.KNOWN.split(", | or ")).anyMatch(ending -> name.toLowerCase(Locale.ROOT).endsWith("." + ending));
    }
}
