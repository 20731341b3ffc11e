package dev.vertigan.bench;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `train` as people run it, in a process of its own with a dashboard.
///
/// @param firstTurnMillis from the start of the JVM until a report of the first turn is in the run's folder
/// @param peakBytes the most memory it had resident until all its turns were made and saved; NaN where the system does not tell
public record Start(double firstTurnMillis, double peakBytes) {

    private static final int TURNS = 20;
    private static final long POLL_MILLIS = 2;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_KIB = 1024;

    /// What the configuration must say.
    static List<String> settings() {
        return List.of("steps=" + TURNS, "report.every=1", "dashboard.port=0");
    }

    /// Starts it and waits until its turns are made.
    ///
    /// @param main the program's main class
    /// @param config with [#settings]
    /// @param folder for what is written; made
    static Start measure(String main, RunConfig config, Path folder) {
        try {
            Files.createDirectories(folder);
            var file = Files.writeString(folder.resolve("config.json"), config.toJson());
            var log = folder.resolve("log");
            long start = System.nanoTime();
            var process = new ProcessBuilder(command(main, file, folder.resolve("run"))).redirectErrorStream(true).redirectOutput(log.toFile())
                    .start();
            try {
                awaitThat(process, log, () -> size(folder.resolve("run/metrics.jsonl")) > 0);
                double firstTurn = (System.nanoTime() - start) / NANOS_PER_MILLI;
                awaitThat(process, log, () -> Files.readString(log).contains("weights sha256"));
                return new Start(firstTurn, peakBytes(process.pid()));
            } finally {
                process.destroyForcibly().onExit().join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// This JVM's own flags and classes.
    static List<String> command(String main, Path config, Path run) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(runtime.getInputArguments());
        command.addAll(List.of("-cp", runtime.getClassPath(), main, "train", "--config", config.toString(), "--run-dir", run.toString()));
        return command;
    }

    /// Of files.
    interface Condition {

        boolean holds() throws IOException;
    }

    /// @throws UserError if the process ends first
    static void awaitThat(Process process, Path log, Condition condition) throws IOException {
        while (!condition.holds()) {
            if (!process.isAlive()) {
                throw new UserError("train: expected it to go on, found its end; it said:\n" + Files.readString(log));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /// Of Linux: the high-water mark of the process's resident memory.
    private static double peakBytes(long pid) throws IOException {
        var status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB).findFirst().orElse(Double.NaN);
    }
}
