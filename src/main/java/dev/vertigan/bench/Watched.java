package dev.vertigan.bench;

import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/// What browsers cost: `train` as people run it, in a process of its own, turn about with open pages and with none.
///
/// @param browsers how many read
/// @param deaf how many more never do
/// @param alone turns a second with none
/// @param watched turns a second with all of them
/// @param cost share of the turns that they cost: of (alone − watched) / alone, pair by pair
/// @param serverAlone the dashboard's share of the processor time that the process took, with none; NaN where the system does not tell
/// @param serverWatched and with all of them
public record Watched(String workload, String schedule, int browsers, int deaf, Spread alone, Spread watched, Spread cost, Spread serverAlone,
        Spread serverWatched) {

    private static final long SETTLING_MILLIS = 500; // pages that come are sent the history
    private static final long LEAST_BLOCK_MILLIS = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Pattern DASHBOARD = Pattern.compile("dashboard +(http\\S+)");
    private static final Pattern TURNS = Pattern.compile("(?m)^vertigan_turns_total(?:\\{[^}]*})? (\\S+)");

    /// @param main the program's main class
    /// @param blocks pairs of blocks; before them it warms up for as long as one half of them takes
    /// @param blockMillis how long a block takes; at least a second
    /// @param folder for what is written
    /// @param progress told what is being done
    public static Watched measure(String main, Workload workload, String schedule, int browsers, int blocks, double blockMillis, Path folder,
            Consumer<String> progress) {
        var config = config(workload, schedule, folder);
        try (var http = HttpClient.newHttpClient()) {
            var file = Files.writeString(folder.resolve("config.json"), config.toJson());
            var log = folder.resolve("log");
            progress.accept("starting " + workload.name());
            var process = new ProcessBuilder(Start.command(main, file, folder.resolve("run"))).redirectErrorStream(true)
                    .redirectOutput(log.toFile()).start();
            try {
                Start.awaitThat(process, log, () -> DASHBOARD.matcher(Files.readString(log)).find());
                var run = new Run(http, process.pid(), dashboard(log), Math.max(LEAST_BLOCK_MILLIS, (long) blockMillis));
                progress.accept("warming up " + workload.name());
                try (var _ = new Browsers(run.dashboard, browsers)) {
                    Thread.sleep(blocks * run.blockMillis);
                }
                var alone = new ArrayList<Block>();
                var watched = new ArrayList<Block>();
                for (int i = 0; i < blocks; i++) {
                    progress.accept(
                            String.format(Locale.ROOT, "%s %s: block %d of %d, %d browsers", workload.name(), schedule, i + 1, blocks, browsers));
                    if (i % 2 == 0) { // neither always follows the other
                        alone.add(run.block());
                    }
                    try (var _ = new Browsers(run.dashboard, browsers)) {
                        watched.add(run.block());
                    }
                    if (i % 2 == 1) {
                        alone.add(run.block());
                    }
                }
                return new Watched(workload.name(), schedule, browsers, Browsers.deaf(browsers), spread(alone, Block::rate),
                        spread(watched, Block::rate), Spread.of(costs(alone, watched)), spread(alone, Block::serverShare),
                        spread(watched, Block::serverShare));
            } finally {
                process.destroyForcibly().onExit().join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /// With reports and pictures as often as the preset has them.
    private static RunConfig config(Workload workload, String schedule, Path folder) {
        var preset = new ConfigLoader().load(workload.preset(), Optional.empty(), List.of());
        return workload.config(folder.resolve("images"),
                List.of("game.schedule=" + schedule, "dashboard.port=0", "samples.every=" + preset.samples().every()));
    }

    private static URI dashboard(Path log) throws IOException {
        var address = DASHBOARD.matcher(Files.readString(log));
        if (!address.find()) {
            throw new UserError("train: expected the dashboard's address in " + log + ", found none");
        }
        return URI.create(address.group(1));
    }

    private static Spread spread(List<Block> blocks, ToDoubleFunction<Block> figure) {
        return Spread.of(blocks.stream().mapToDouble(figure).toArray());
    }

    private static List<Double> costs(List<Block> alone, List<Block> watched) {
        var costs = new ArrayList<Double>();
        for (int i = 0; i < alone.size(); i++) {
            costs.add((alone.get(i).rate - watched.get(i).rate) / alone.get(i).rate);
        }
        return costs;
    }

    /// @param rate turns a second
    /// @param serverShare of the processor time
    private record Block(double rate, double serverShare) {}

    private record Run(HttpClient http, long process, URI dashboard, long blockMillis) {

        Block block() throws IOException, InterruptedException {
            Thread.sleep(SETTLING_MILLIS);
            double turns = turns();
            var times = times();
            long start = System.nanoTime();
            Thread.sleep(blockMillis);
            double share = times().serverShareSince(times);
            return new Block((turns() - turns) / ((System.nanoTime() - start) / NANOS_PER_SECOND), share);
        }

        private ThreadTimes times() throws IOException {
            return ThreadTimes.areTold() ? ThreadTimes.of(process) : new ThreadTimes(0, 0);
        }

        private double turns() throws IOException, InterruptedException {
            var page = http.send(HttpRequest.newBuilder(dashboard.resolve("/metrics")).build(), HttpResponse.BodyHandlers.ofString()).body();
            var turns = TURNS.matcher(page);
            if (!turns.find()) {
                throw new IOException("/metrics: expected vertigan_turns_total, found none");
            }
            return Double.parseDouble(turns.group(1));
        }
    }
}
