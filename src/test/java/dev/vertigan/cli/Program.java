package dev.vertigan.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The program as a process of its own, as people run it.
final class Program {

    /// Flags of one that is over before the second compiler's work pays.
    static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1");

    private static final long PATIENCE_SECONDS = 180;

    /// This JVM's flags of what is compiled first, which are the program's.
    private static final List<String> COMPILER = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("-XX:Tier4") || flag.startsWith("-XX:CompileCommand=")).toList();

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts it with the flags of this JVM; both its streams go to `log`.
    static Program start(Path log, String... arguments) throws IOException {
        return start(log, List.of(), arguments);
    }

    /// As the other, with more flags for the JVM.
    static Program start(Path log, List<String> flags, String... arguments) throws IOException {
        return startMain(Main.class, log, flags, arguments);
    }

    /// As the other, of another class with a `main`.
    static Program startMain(Class<?> main, Path log, List<String> flags, String... arguments) throws IOException {
        return new Program(new ProcessBuilder(command(main, flags, arguments)).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
    }

    /// Starts it with standard output full and never read, as by a stopped pager; errors go to `log`.
    static Program startUnread(Path log, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("sh", "-c", "head -c 65536 /dev/zero; exec \"$@\"", "sh"));
        command.addAll(command(Main.class, List.of(), arguments));
        return new Program(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    /// Starts it with no more file descriptors than that.
    static Program startLimited(int descriptors, Path log, List<String> flags, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh"));
        command.addAll(command(Main.class, flags, arguments));
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
    }

    private static List<String> command(Class<?> main, List<String> flags, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC", "-Xmx256m", "-Dorg.bytedeco.openblas.load=" + System.getProperty("org.bytedeco.openblas.load", "")));
        command.addAll(COMPILER);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static String[] with(String[] arguments, String... more) {
        var all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// As by `kill -9`; returns when it is gone.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Asks it to end, as Ctrl-C and `kill` do.
    void interrupt() {
        process.destroy();
    }

    /// Waits until a file in an existing folder holds something.
    void awaitContent(Path file) throws IOException, InterruptedException {
        try (var watch = file.getFileSystem().newWatchService()) {
            file.getParent().register(watch, ENTRY_CREATE, ENTRY_MODIFY);
            while (!(Files.exists(file) && Files.size(file) > 0)) {
                assertTrue(isAlive(), () -> "ended before it wrote " + file + ":\n" + output());
                var key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        }
    }

    /// Waits until the output has what a pattern's first group stands for, and returns that.
    String await(Pattern pattern) throws IOException, InterruptedException {
        try (var watch = log.getFileSystem().newWatchService()) {
            log.toAbsolutePath().getParent().register(watch, ENTRY_CREATE, ENTRY_MODIFY);
            while (true) {
                var found = pattern.matcher(output());
                if (found.find()) {
                    return found.group(1);
                }
                assertTrue(isAlive(), () -> "ended before it said " + pattern + ":\n" + output());
                var key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        }
    }

    /// Waits for its end and returns its exit code.
    int end() throws InterruptedException {
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, () -> "the program did not end:\n" + output());
        return process.exitValue();
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What follows `prefix` in the output line that begins with it.
    String line(String prefix) {
        return output().lines().filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length())).findFirst()
                .orElseThrow(() -> new AssertionError("expected a line \"" + prefix + "…\", found:\n" + output()));
    }
}
