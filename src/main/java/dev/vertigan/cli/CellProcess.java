package dev.vertigan.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.config.UserError;
import dev.vertigan.run.RunReader;
import dev.vertigan.values.Report;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/// A run that is trained in a process of its own, as `vertigan train --or-resume` begins or goes on with it; what it takes is kept beside the run's
/// folder, over all attempts.
final class CellProcess {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TOLD_LINES = 5; // of what it said before it failed

    private final Path run;
    private final Process process;
    private final Cost before;
    private final long start = System.nanoTime();
    private Cost cost;
    private Cost kept;

    /// What a run has taken so far.
    record Cost(double cpuSeconds, double wallSeconds) {

        private static final Cost NONE = new Cost(0, 0);

        /// Of a run, if it is known.
        static OptionalDouble cpu(Path run) {
            return Files.exists(file(run)) ? OptionalDouble.of(read(run).cpuSeconds) : OptionalDouble.empty();
        }

        static OptionalDouble wall(Path run) {
            return Files.exists(file(run)) ? OptionalDouble.of(read(run).wallSeconds) : OptionalDouble.empty();
        }

        private static Path file(Path run) {
            return run.resolveSibling(run.getFileName() + ".cost.json");
        }

        private static Cost read(Path run) {
            try {
                return Files.exists(file(run)) ? JSON.readValue(file(run).toFile(), Cost.class) : NONE;
            } catch (IOException e) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected what the run took, found that it cannot be read: %s; remove the file",
                        file(run), e.getMessage()), e);
            }
        }

        private void write(Path run) {
            try {
                Files.writeString(file(run), JSON.writeValueAsString(this) + "\n");
            } catch (IOException e) {
                throw Sinks.unwritable(file(run), e);
            }
        }
    }

    /// @param run its folder
    /// @param arguments of `vertigan train` that say what it is
    static CellProcess start(Path run, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "train"));
        command.addAll(arguments);
        command.addAll(List.of("--no-dashboard", "--or-resume", "--run-dir", run.toString()));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log(run).toFile())).start();
            return new CellProcess(run, process);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a process that trains it, found none: %s", run, e.getMessage()), e);
        }
    }

    private CellProcess(Path run, Process process) {
        this.run = run;
        this.process = process;
        before = Cost.read(run);
        cost = before;
        kept = before;
    }

    private static Path log(Path run) {
        return run.resolveSibling(run.getFileName() + ".log");
    }

    Path run() {
        return run;
    }

    /// Takes down what it has used until now; to be called every second or so, as nobody knows it once the process has ended.
    ///
    /// @return whether it goes on
    boolean look() {
        boolean alive = process.isAlive();
        double cpu = process.info().totalCpuDuration().map(CellProcess::seconds).orElse(cost.cpuSeconds - before.cpuSeconds);
        cost = new Cost(Math.max(cost.cpuSeconds, before.cpuSeconds + cpu), before.wallSeconds + (System.nanoTime() - start) / 1e9);
        if (!alive || cost.wallSeconds - kept.wallSeconds > 5) {
            cost.write(run);
            kept = cost;
        }
        return alive;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /// Seconds since this process began.
    double seconds() {
        return cost.wallSeconds - before.wallSeconds;
    }

    /// Has it save and end.
    void stop() {
        process.destroy();
        process.onExit().join();
        look();
    }

    boolean failed() {
        return !Set.of(0, 130, 143).contains(process.exitValue()); // the two of who was told to stop
    }

    /// The last lines it said.
    String said() {
        try {
            var lines = Files.readAllLines(log(run));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /// Turns that a run has made, by its last report or checkpoint.
    static long turns(Path run) {
        if (!Files.exists(run.resolve("config.json"))) {
            return 0;
        }
        var saved = RunReader.checkpointSteps(run);
        return Math.max(saved.isEmpty() ? 0 : saved.last(), RunReader.lastReport(run).map(Report::step).orElse(0L));
    }

    /// Whether a run has made and saved so many turns.
    static boolean done(Path run, long steps) {
        if (!Files.exists(run.resolve("config.json"))) {
            return false;
        }
        var saved = RunReader.checkpointSteps(run);
        return !saved.isEmpty() && saved.last() >= steps;
    }
}
