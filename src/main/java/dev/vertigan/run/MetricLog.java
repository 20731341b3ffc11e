package dev.vertigan.run;

import dev.vertigan.values.Report;
import dev.vertigan.values.ReportJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `metrics.jsonl`: one [Report] a line, in ascending order of step; and the same in memory for drawing curves.
///
/// Every report is handed to the operating system at once, so a killed process loses none, but not forced to disk: a power
/// cut may cost the last seconds, which a resumed run reports again. Damage costs lines, never the run.
/// Thread-safe.
public final class MetricLog implements AutoCloseable {

    /// Reports kept in memory: some hundred screens full.
    static final int CAPACITY = 1 << 17;

    /// A file that has grown to this size is written anew with what is in memory: the recent past in full, all before it evenly, if coarser.
    static final long MOST_BYTES = 64 << 20;

    /// A file up to this size is read whole when opened. Of a larger one the older part is read here and there, and the newest
    /// half of this whole: so a run of weeks opens as fast as one of a day.
    static final long WHOLE_BYTES = 64 << 20;

    private static final int SAMPLES = 1 << 15; // lines read of the older part
    private static final int SAMPLE_BUFFER = 1 << 10;
    private static final int BUFFER = 1 << 16;
    private static final int TAIL = 1 << 14; // bytes that hold the last report
    private static final Logger LOG = LoggerFactory.getLogger(MetricLog.class);

    private final Path file;
    private final long mostBytes;
    private final ReportHistory history;
    private FileChannel channel;
    private long newestStep = -1;
    private long end; // of the last whole line
    private long compactAt; // size of the file

    private MetricLog(Path file, FileChannel channel, int capacity, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
        compactAt = mostBytes;
        this.channel = channel;
        this.history = new ReportHistory(capacity);
    }

    /// Opens or creates the log.
    ///
    /// @throws dev.vertigan.config.UserError if it cannot be
    public static MetricLog open(Path file) {
        return open(file, CAPACITY, WHOLE_BYTES, MOST_BYTES);
    }

    static MetricLog open(Path file, int capacity, long wholeBytes, long mostBytes) {
        try {
            Files.deleteIfExists(Durable.temporary(file));
            var channel = Durable.DISK.openOrCreate(file);
            try {
                var log = new MetricLog(file, channel, capacity, mostBytes);
                log.load(wholeBytes);
                return log;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw Failures.of(file, "a metric log that can be read and written", e);
        }
    }

    /// Reads every report of a log, which another process may be writing, in order.
    ///
    /// @throws dev.vertigan.config.UserError if it cannot be read
    static void visit(Path file, Consumer<Report> reader) {
        try (var channel = Durable.DISK.open(file, Set.of(StandardOpenOption.READ))) {
            Lines.visit(channel, 0, (_, _, line, ended) -> {
                if (ended) {
                    ReportJson.read(line).ifPresent(reader);
                }
                return ended;
            });
        } catch (IOException e) {
            throw Failures.of(file, "a metric log that can be read", e);
        }
    }

    /// Reports after a step up to another in a file that another process may be writing, evenly thinned to a limit.
    static List<Report> history(Path file, long after, long to, int limit) {
        var history = new ReportHistory(CAPACITY);
        visit(file, report -> {
            if (report.step() > after && report.step() <= to) {
                history.add(report, 0);
            }
        });
        return history.thinned(0, history.size(), limit);
    }

    /// The last report in a file that another process may be writing; empty if there is none, or it cannot be read.
    static Optional<Report> newest(Path file) {
        try (var channel = Durable.DISK.open(file, Set.of(StandardOpenOption.READ))) {
            Report[] last = new Report[1];
            Lines.visit(channel, Math.max(0, channel.size() - TAIL), (_, _, line, ended) -> {
                if (ended) {
                    ReportJson.read(line).ifPresent(report -> last[0] = report);
                }
                return ended;
            });
            return Optional.ofNullable(last[0]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void load(long wholeBytes) throws IOException {
        long size = channel.size();
        long recent = size <= wholeBytes ? 0 : size - wholeBytes / 2;
        long sampled = 0;
        for (long at = 0; at < recent; at = Math.max(at + Math.ceilDiv(recent, SAMPLES), sampled)) {
            sampled = sample(at);
        }
        long from = Math.max(recent, sampled);
        int[] skipped = {0};
        end = from;
        Lines.visit(channel, from, (begin, next, line, ended) -> {
            if (!ended) { // a crash cut it short
                return false;
            }
            if (!remember(line, begin) && (begin > from || from == 0)) { // there it begins in the middle of a line
                skipped[0]++;
            }
            end = next;
            return true;
        });
        channel.truncate(end);
        if (skipped[0] > 0) {
            LOG.warn("{}: {} unreadable lines are left out of the curves", file, skipped[0]);
        }
    }

    /// Remembers the first line that begins after `position`, or at 0.
    ///
    /// @return where that line ends, before its newline
    private long sample(long position) throws IOException {
        long[] lineEnd = {position};
        Lines.visit(channel, position, SAMPLE_BUFFER, (begin, next, line, ended) -> {
            boolean inLine = begin == position && position > 0;
            if (!inLine && ended) {
                remember(line, begin);
            }
            lineEnd[0] = next - 1;
            return inLine;
        });
        return lineEnd[0];
    }

    /// @return whether the line is a report, and later than the last one
    private boolean remember(byte[] line, long offset) {
        var report = ReportJson.read(line).filter(read -> read.step() > newestStep);
        report.ifPresent(read -> {
            history.add(read, offset);
            newestStep = read.step();
        });
        return report.isPresent();
    }

    /// Adds a report.
    ///
    /// @throws IllegalArgumentException if its step is not greater than the last one's: see [#rewindTo]
    /// @throws dev.vertigan.config.UserError if it could not be written; the log is as before then
    public synchronized void append(Report report) {
        if (report.step() <= newestStep) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "report: expected a step > %d, found %d", newestStep, report.step()));
        }
        byte[] line = ReportJson.line(report);
        try {
            Durable.append(channel, end, ByteBuffer.wrap(line), false);
        } catch (IOException e) {
            throw Failures.of(file, "room for a report", e);
        }
        history.add(report, end);
        newestStep = report.step();
        end += line.length;
        if (end > compactAt) {
            compact();
        }
    }

    /// Writes the file anew with what is in memory, thinned until that is half of what a file may hold. The old file stays until the new is whole.
    private void compact() {
        Path temporary = Durable.temporary(file);
        try {
            Files.deleteIfExists(temporary);
            var offsets = write(temporary);
            while (offsets[offsets.length - 1] > mostBytes / 2 && history.size() > 2) {
                history.thin();
                Files.delete(temporary);
                offsets = write(temporary);
            }
            Durable.DISK.rename(temporary, file);
            channel.close();
            channel = Durable.DISK.openOrCreate(file);
            history.relocate(offsets);
            end = offsets[offsets.length - 1];
            compactAt = mostBytes;
        } catch (IOException e) {
            Durable.DISK.deleteQuietly(temporary, e);
            compactAt = end + mostBytes / 4; // until then it grows on
            LOG.warn("{}: could not be shortened: {}", file, Failures.reason(e));
        }
    }

    /// @return where each line begins, and where the last ends
    private long[] write(Path target) throws IOException {
        var offsets = new long[history.size() + 1];
        try (var output = Durable.DISK.createNew(target)) {
            var lines = new ByteArrayOutputStream();
            for (int i = 0; i < history.size(); i++) {
                byte[] line = ReportJson.line(history.report(i));
                offsets[i + 1] = offsets[i] + line.length;
                lines.writeBytes(line);
                if (lines.size() > BUFFER || i == history.size() - 1) {
                    Durable.writeFully(output, ByteBuffer.wrap(lines.toByteArray()));
                    lines.reset();
                }
            }
            output.force(true);
        }
        return offsets;
    }

    /// Drops what was reported after `step`: a run resumed from there reports it again.
    ///
    /// @throws dev.vertigan.config.UserError if the file cannot be shortened
    public synchronized void rewindTo(long step) {
        int keep = history.firstAfter(step);
        try {
            // From the last kept report in memory, for lines between it and the next may be in the file alone.
            long[] cut = {end};
            Lines.visit(channel, keep == 0 ? 0 : history.offset(keep - 1), (begin, next, line, ended) -> {
                boolean later = ReportJson.read(line).filter(report -> report.step() > step).isPresent();
                if (later) {
                    cut[0] = begin;
                }
                return !later;
            });
            channel.truncate(cut[0]);
            end = cut[0];
            history.truncate(keep);
            newestStep = Math.min(newestStep, step);
        } catch (IOException e) {
            throw Failures.of(file, "a metric log that can be shortened", e);
        }
    }

    /// What happened after `step`, oldest first: all of it if that is at most `limit` reports, else at most `limit` of them evenly
    /// apart in steps, with the first and always the last.
    public List<Report> since(long step, int limit) {
        return between(step, Long.MAX_VALUE, limit);
    }

    /// As [#since], up to and including the step `to`: what a curve shows when zoomed.
    public synchronized List<Report> between(long after, long to, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: expected ≥ 1, found " + limit);
        }
        int from = history.firstAfter(after);
        return history.thinned(from, Math.max(from, history.firstAfter(to)), limit);
    }

    public synchronized Optional<Report> newest() {
        return history.size() == 0 ? Optional.empty() : Optional.of(history.report(history.size() - 1));
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("{}: {}", file, Failures.reason(e));
        }
    }
}
