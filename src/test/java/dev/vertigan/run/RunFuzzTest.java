package dev.vertigan.run;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vertigan.config.UserError;
import dev.vertigan.values.ReportJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;

/// Whatever is in a run's files is read as what was written, or refused as what it is; nothing else comes of it.
@Tag("fuzz")
class RunFuzzTest {

    private static final Path FOLDER = folder();

    private static Path folder() {
        try {
            var memory = Path.of("/dev/shm"); // where it is: forcing a file to disk takes longer than all else
            var folder = Files.isDirectory(memory) ? Files.createTempDirectory(memory, "fuzz") : Files.createTempDirectory("fuzz");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void checkpointHeaders(byte[] data) throws CorruptCheckpoint {
        SafetensorsHeader header;
        try {
            header = SafetensorsHeader.decode(data, FOLDER);
        } catch (CorruptCheckpoint e) {
            return;
        }
        var again = SafetensorsHeader.decode(header.encode(), FOLDER);
        if (again.dataBytes() != header.dataBytes() || !again.metadata().equals(header.metadata())) {
            throw new AssertionError("not the same when read again");
        }
    }

    @FuzzTest(maxDuration = "5m")
    void checkpoints(byte[] data) throws IOException {
        Path file = FOLDER.resolve("checkpoint");
        Files.write(file, data);
        try {
            Safetensors.read(file);
        } catch (CorruptCheckpoint e) {
            expect(e.getMessage());
        }
    }

    /// Lines with a good checksum, as those without are only ever refused.
    @FuzzTest(maxDuration = "5m")
    void journals(byte[] data) throws IOException {
        Path file = FOLDER.resolve("journal");
        var text = new StringBuilder();
        for (String line : new String(data, StandardCharsets.UTF_8).split("\n", -1)) {
            var checksum = new CRC32C();
            checksum.update(line.getBytes(StandardCharsets.UTF_8));
            text.append(line).append(",\"crc32c\":\"").append(HexFormat.of().toHexDigits((int) checksum.getValue())).append("\"}\n");
        }
        read(file, text.toString().getBytes(StandardCharsets.UTF_8));
        read(file, data);
    }

    private static void read(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        int entries;
        try (var journal = Journal.open(file)) {
            entries = journal.entries().size();
            journal.append(entries, Journal.Kind.STOP);
        } catch (UserError e) {
            expect(e.getMessage());
            return;
        }
        try (var journal = Journal.open(file)) {
            if (journal.entries().size() != entries + 1) {
                throw new AssertionError("expected one entry more than " + entries + ", found " + journal.entries().size());
            }
        }
    }

    @FuzzTest(maxDuration = "5m")
    void reports(byte[] data) {
        ReportJson.read(data).ifPresent(report -> {
            byte[] line = ReportJson.line(report);
            if (!ReportJson.read(Arrays.copyOf(line, line.length - 1)).equals(Optional.of(report))) {
                throw new AssertionError("not the same when read again: " + report);
            }
        });
    }

    @FuzzTest(maxDuration = "5m")
    void metricLogs(byte[] data) throws IOException {
        Path file = FOLDER.resolve("metrics");
        Files.write(file, data);
        long step;
        try (var log = MetricLog.open(file, 16, data.length / 2 + 1, Long.MAX_VALUE)) {
            log.since(-1, 100);
            log.rewindTo(3);
            step = log.newest().map(report -> report.step()).orElse(-1L);
        }
        try (var log = MetricLog.open(file)) {
            if (log.newest().map(report -> report.step()).orElse(-1L) < step) {
                throw new AssertionError("expected a report of step " + step + " still");
            }
        }
    }

    private static void expect(String message) {
        if (message == null || message.isBlank()) {
            throw new AssertionError("refused without a word");
        }
    }
}
