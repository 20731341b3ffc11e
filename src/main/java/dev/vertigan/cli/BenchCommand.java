package dev.vertigan.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vertigan.bench.Bench;
import dev.vertigan.bench.Measurement;
import dev.vertigan.bench.Watched;
import dev.vertigan.bench.Workload;
import dev.vertigan.config.Spelling;
import dev.vertigan.config.UserError;
import dev.vertigan.run.RunFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Times the game.
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Times full turns over the bus and in a plain loop, block by block, and says where the time goes.")
final class BenchCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--workload", paramLabel = "NAME", description = "One of mlp-1200, mlp-256, ring-128, dcgan-32, or of the presets mnist"
            + " and ring; may be repeated (default: all but the presets).")
    private List<String> workloads = Workload.COMPARED.stream().map(Workload::name).toList();

    @Option(names = "--schedule", paramLabel = "NAME", description = "alternating or simultaneous; may be repeated (default: both).")
    private List<String> schedules = List.of("alternating", "simultaneous");

    @Option(names = "--batch", paramLabel = "N", description = "Minibatch size instead of the workload's; may be repeated.")
    private List<Integer> batches = List.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of all workloads, as in compute.kernels=simd; may be repeated.")
    private List<String> settings = List.of();

    @Option(names = "--peers", description = "Other libraries play the same turns, block by block between ours. Needs what"
            + " `mvn -Ppeers -DskipTests package` builds.")
    private boolean peers;

    @Option(names = "--blocks", paramLabel = "N", defaultValue = "15", description = "Blocks of turns of each kind (default: ${DEFAULT-VALUE}).")
    private int blocks;

    @Option(names = "--block-millis", paramLabel = "MS", defaultValue = "300",
            description = "How long a block takes, about (default: ${DEFAULT-VALUE}).")
    private double blockMillis;

    @Option(names = "--starts", paramLabel = "N", defaultValue = "3",
            description = "How often `train` is started to see how soon it plays and what memory it takes (default: ${DEFAULT-VALUE}).")
    private int starts;

    @Option(names = "--browsers", paramLabel = "N", description = "Times `train` instead, turn about watched by that many browsers, and one"
            + " in ten more that never reads, and by none.")
    private Optional<Integer> browsers = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", converter = OutputFile.class, description = "Writes all figures there too.")
    private Optional<Path> json;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (blocks < 1 || !(blockMillis > 0) || starts < 0) {
            throw new UserError(String.format(Locale.ROOT,
                    "--blocks and --block-millis: expected numbers above 0, found %d and %s; --starts: expected 0 or more, found %d", blocks,
                    blockMillis, starts));
        }
        String main = Main.class.getName();
        if (browsers.isPresent()) {
            int count = browsers.get();
            if (count < 1 || peers) {
                throw new UserError("--browsers: expected 1 or more, and no --peers, found " + (peers ? "--peers" : count));
            }
            this.<Watched>time((workload, schedule, folder) -> Watched.measure(main, workload, schedule, count, blocks, blockMillis, folder,
                    console::live), BenchTable::lines);
        } else {
            var bench = new Bench(main, blocks, blockMillis, starts, peers ? Optional.of(Distribution.peers()) : Optional.empty());
            this.<Measurement>time((workload, schedule, folder) -> bench.measure(workload, schedule, folder, console::live), BenchTable::lines);
        }
        return 0;
    }

    private interface Timing<M> {

        /// @param folder deleted afterwards
        M measure(Workload workload, String schedule, Path folder);
    }

    private <M> void time(Timing<M> timing, Function<M, List<String>> table) throws IOException {
        var measurements = new ArrayList<M>();
        for (var workload : games()) {
            for (var schedule : schedules) {
                var folder = Files.createTempDirectory("vertigan-bench");
                try {
                    measurements.add(timing.measure(workload, schedule, folder));
                } finally {
                    RunFolders.deleteAll(folder);
                }
                console.settle();
                table.apply(measurements.getLast()).forEach(console::line);
            }
        }
        if (json.isPresent()) {
            Files.write(json.get(), new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(measurements));
        }
    }

    private List<Workload> games() {
        var named = workloads.stream().map(name -> workload(name).with(settings)).toList();
        return batches.isEmpty() ? named : named.stream().flatMap(workload -> batches.stream().map(workload::withBatch)).toList();
    }

    private static Workload workload(String name) {
        var names = Workload.ALL.stream().map(Workload::name).toList();
        return Workload.ALL.stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow(() -> new UserError(
                String.format(Locale.ROOT, "--workload: expected one of %s, found %s%s", String.join(", ", names), name,
                        Spelling.hint(name, names))));
    }
}
