package dev.vertigan.cli;

import dev.vertigan.tensor.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/// Where, when and by which version something was measured.
final class Circumstances {

    private Circumstances() {}

    /// By name, in the order in which they are told.
    static SequencedMap<String, String> notes(Kernels kernels) {
        var notes = new LinkedHashMap<String, String>();
        notes.put("machine", String.format(Locale.ROOT, "%s, %d cores, Java %s", cpu(), Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature()));
        notes.put("measured with", kernels.describe());
        notes.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        notes.put("version", Version.CURRENT + Commit.ofProgram().map(id -> ", commit " + id).orElse(""));
        return notes;
    }

    private static String cpu() {
        Path file = Path.of("/proc/cpuinfo");
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // no Linux
        }
    }
}
