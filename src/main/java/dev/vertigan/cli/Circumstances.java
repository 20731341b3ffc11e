package dev.vertigan.cli;

import dev.vertigan.tensor.Kernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        notes.put("version", Version.CURRENT + commit().map(id -> ", commit " + id).orElse(""));
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

    /// Of the checkout that this program was built in, if it runs from there.
    private static Optional<String> commit() {
        try {
            var code = Path.of(Circumstances.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            var checkout = checkout(code);
            if (checkout.isEmpty()) {
                return Optional.empty();
            }
            var git = new ProcessBuilder(List.of("git", "-C", checkout.get().toString(), "describe", "--always", "--dirty", "--abbrev=12",
                    "--exclude=*")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String id = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 && !id.isEmpty() ? Optional.of(id) : Optional.empty();
        } catch (IOException | URISyntaxException e) {
            return Optional.empty(); // no git here
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /// The folder about a file that has this program's sources: a JAR may lie in a repository of something else.
    static Optional<Path> checkout(Path file) {
        for (var folder = Optional.of(file); folder.isPresent(); folder = folder.map(Path::getParent)) {
            if (Files.isDirectory(folder.get().resolve("src/main/java/dev/vertigan"))) {
                return folder;
            }
        }
        return Optional.empty();
    }
}
