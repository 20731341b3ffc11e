package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.Replay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which run a command visits the past of, and with what. It only reads the run's folder, also while the run goes on.
class Visit {

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the data set's files are, if they moved.")
    private Optional<String> dataDir;

    @Option(names = "--threads", paramLabel = "N",
            description = "Threads that compute, if not as many as the run was made for; the result is the same.")
    private Optional<String> threads;

    /// A second game of the run, with all that it needs.
    ///
    /// @param kernels the replay's, closed with it
    record Visited(RunConfig config, Dataset dataset, Kernels kernels, Replay replay) implements AutoCloseable {

        @Override
        public void close() {
            kernels.close();
        }
    }

    Path run() {
        return run;
    }

    Visited open(CommandSpec spec, Console console) {
        String json = RunReader.config(run);
        var config = Main.called(spec, () -> Configurations.LOADER.read(json, run.resolve("config.json").toString(), assignments()));
        DryRun.requireMemory(config);
        try (var download = new DownloadLine(console)) {
            var dataset = Datasets.open(config.data(), download);
            var kernels = Backend.open(config.compute());
            try {
                return new Visited(config, dataset, kernels, new Replay(run, dataset, kernels));
            } catch (RuntimeException | Error e) {
                kernels.close();
                throw e;
            }
        }
    }

    private List<Assignment> assignments() {
        var assignments = new ArrayList<Assignment>();
        dataDir.ifPresent(value -> assignments.add(new Assignment("data.dir", value, "--data-dir " + value)));
        threads.ifPresent(value -> assignments.add(new Assignment("compute.threads", value, "--threads " + value)));
        return assignments;
    }

    /// Goes to a step, shown on the console, and says why the bits may not be the run's.
    static void go(Replay replay, long step, Console console) {
        replay.to(step, new ReplayLine(console));
        console.settle();
        replay.notices().forEach(console::error);
    }
}
