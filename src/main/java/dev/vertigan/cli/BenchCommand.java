package dev.vertigan.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vertigan.bench.Bench;
import dev.vertigan.bench.Measurement;
import dev.vertigan.bench.Workload;
import dev.vertigan.config.Spelling;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Times the game.
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Times full turns over the bus and in a plain loop, block by block, and says where the time goes.")
final class BenchCommand implements Callable<Integer> {

    private static final double SMALLEST_SHARE = 0.01; // of a turn that is told of

    private final Console console;

    @Option(names = "--workload", paramLabel = "NAME", description = "One of mlp-1200, mlp-256, ring-128; may be repeated (default: all).")
    private List<String> workloads = Workload.ALL.stream().map(Workload::name).toList();

    @Option(names = "--schedule", paramLabel = "NAME", description = "alternating or simultaneous; may be repeated (default: both).")
    private List<String> schedules = List.of("alternating", "simultaneous");

    @Option(names = "--blocks", paramLabel = "N", defaultValue = "15", description = "Blocks of turns of each kind (default: ${DEFAULT-VALUE}).")
    private int blocks;

    @Option(names = "--block-millis", paramLabel = "MS", defaultValue = "300",
            description = "How long a block takes, about (default: ${DEFAULT-VALUE}).")
    private double blockMillis;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there too.")
    private Optional<Path> json;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (blocks < 1 || !(blockMillis > 0)) {
            throw new UserError("--blocks and --block-millis: expected numbers above 0, found %d and %s".formatted(blocks, blockMillis));
        }
        var bench = new Bench(blocks, blockMillis);
        var measurements = new ArrayList<Measurement>();
        for (var name : workloads) {
            for (var schedule : schedules) {
                var folder = Files.createTempDirectory("vertigan-bench");
                try {
                    measurements.add(bench.measure(workload(name), schedule, folder.resolve("run"), console::live));
                } finally {
                    delete(folder);
                }
                console.settle();
                print(measurements.getLast());
            }
        }
        if (json.isPresent()) {
            Files.write(json.get(), new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(measurements));
        }
        return 0;
    }

    private static Workload workload(String name) {
        return Workload.ALL.stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow(() -> new UserError(
                "--workload: expected one of %s, found %s; did you mean %s?".formatted(Workload.ALL.stream().map(Workload::name).toList(), name,
                        Spelling.nearest(name, Workload.ALL.stream().map(Workload::name).toList()))));
    }

    private void print(Measurement m) {
        console.line("");
        console.line("%s, %s: %s".formatted(m.workload(), m.schedule(), m.description()));
        console.line("  a turn over the bus   %.3f ms (%.3f to %.3f), %,.0f images/s".formatted(m.turnMillis().median(), m.turnMillis().low(),
                m.turnMillis().high(), m.imagesPerSecond()));
        console.line("  in a plain loop       %.3f ms (%.3f to %.3f); the bus is %.1f %% of a turn".formatted(m.plainMillis().median(),
                m.plainMillis().low(), m.plainMillis().high(), 100 * m.busShare().median()));
        console.line("  matrix arithmetic     %.3f GFLOP a turn; at the %.0f GFLOP/s measured here that alone takes %.3f ms: %.0f %% of a turn"
                .formatted(m.gflopPerTurn(), m.gemmRate(), 1_000 * m.gflopPerTurn() / m.gemmRate(), 100 * m.limitShare()));
        m.kernelShares().entrySet().stream()
                .filter(share -> share.getValue() >= SMALLEST_SHARE)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(share -> console.line("    %-24s %5.1f %%".formatted(share.getKey(), 100 * share.getValue())));
        console.line("  " + m.kernels());
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
