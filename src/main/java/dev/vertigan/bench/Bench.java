package dev.vertigan.bench;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.game.PlainGame;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.Trainer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Times a workload: the run over the bus, the plain loop and the peers turn about, block by block, so that a noisy machine is noisy to all.
///
/// @param main the program's main class, which can be started to `train`
/// @param blocks how many blocks of each
/// @param blockMillis how long a block takes, about
/// @param starts how many starts of `train` are timed
/// @param peers the folder of the peers' jars, if they play
public record Bench(String main, int blocks, double blockMillis, int starts, Optional<Path> peers) {

    private static final double WARM_UP_BLOCKS = 10; // who asks for short blocks has no use for a long warm-up
    private static final double WARM_UP_MILLIS = 3_000; // at most, unless much is still compiled
    private static final double LONGEST_WARM_UP = 20; // times as long
    private static final double COMPILING = 0.01; // of the time: less is warm
    private static final int FEWEST_PROFILED = 10; // turns
    private static final int LEAST_WARM = 20; // turns: the first ten of a slow game are played cold
    private static final double BYTES_PER_MEBIBYTE = 1 << 20;

    /// @param folder for what is written
    /// @param progress told what is being done
    public Measurement measure(Workload workload, String schedule, Path folder, Consumer<String> progress) {
        var images = folder.resolve("images");
        var config = workload.config(images, List.of("game.schedule=" + schedule));
        progress.accept("starting " + workload.name());
        var begun = starts(workload.config(images, with("game.schedule=" + schedule, Start.settings())), folder);
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        try (var kernels = kernels(config); var run = new BusRun(config, dataset, folder.resolve("run"))) {
            progress.accept("warming up " + workload.name());
            var plain = plain(config, dataset, kernels);
            int turns = warmUp(plain, run);
            var alternating = Optional.of(workload.config(images, List.of("game.schedule=alternating")))
                    .filter(_ -> config.game().schedule() == Choice.Schedule.SIMULTANEOUS)
                    .map(other -> plain(other, dataset, kernels));
            alternating.ifPresent(game -> game.play(turns));
            try (var others = peers(workload, config, dataset, folder)) {
                var rounds = new Rounds(Stopwatch.Gemm.of(kernels), plain, kernels::finish, alternating, run, turns, others);
                for (int i = 1; i <= blocks; i++) {
                    progress.accept(String.format(Locale.ROOT, "%s %s: block %d of %d, %d turns each", workload.name(), schedule, i, blocks, turns));
                    rounds.play();
                }
                return measurement(workload, config, kernels, rounds, profile(config, dataset, Math.max(turns, FEWEST_PROFILED)), begun);
            }
        }
    }

    private static PlainGame plain(RunConfig config, Dataset dataset, Kernels kernels) {
        return new PlainGame(config, dataset, Trainer.marginals(config, dataset), kernels);
    }

    private static List<String> with(String setting, List<String> settings) {
        var all = new ArrayList<>(settings);
        all.add(setting);
        return all;
    }

    private List<Start> starts(RunConfig config, Path folder) {
        var measured = new ArrayList<Start>();
        for (int i = 0; i < starts; i++) {
            measured.add(Start.measure(main, config, folder.resolve("start-" + i)));
        }
        return measured;
    }

    private Peers peers(Workload workload, RunConfig config, Dataset dataset, Path folder) {
        return new Peers(peers.isPresent() ? Peer.ALL : List.of(), peers.orElse(folder), PeerGame.of(config, dataset, workload.paths()), blockMillis,
                folder);
    }

    private static Measurement measurement(Workload workload, RunConfig config, Kernels kernels, Rounds rounds, KernelProfile.Turn profile,
            List<Start> starts) {
        var turn = Spread.of(rounds.turnMillis);
        double rate = Spread.of(rounds.gemmRates).median();
        double gflop = profile.flops() / 1e9;
        return new Measurement(workload.name(), workload.description(), config.batch(), config.game().schedule().written(), kernels.describe(), turn,
                Spread.of(rounds.plainMillis), Spread.of(rounds.busShares), Spread.of(rounds.alternatingRatios),
                config.game().discriminatorSteps() * config.batch() / turn.median() * 1_000, gflop, rate,
                gflop / rate * 1_000 / turn.median(), profile.shares(), Spread.of(starts.stream().map(Start::firstTurnMillis).toList()),
                Spread.of(starts.stream().map(start -> start.peakBytes() / BYTES_PER_MEBIBYTE).toList()), rounds.peers.measurements());
    }

    /// Plays until the compilers have little left to do: what the bus's messages run is compiled much later than a kernel's loop.
    ///
    /// @return the turns in a block
    private int warmUp(PlainGame plain, BusRun run) {
        var compilers = ManagementFactory.getCompilationMXBean();
        double enough = Math.min(WARM_UP_MILLIS, WARM_UP_BLOCKS * blockMillis);
        double spent = 0;
        double millis = 1;
        double compiling = 1;
        for (int turns = 10; spent < LONGEST_WARM_UP * enough && (spent < enough || turns <= LEAST_WARM || compiling > COMPILING);) {
            int some = turns;
            long before = compilers.getTotalCompilationTime();
            millis = Stopwatch.millis(() -> plain.play(some)) / turns;
            double took = millis * turns + run.millisPerTurn(turns) * turns;
            compiling = (compilers.getTotalCompilationTime() - before) / took;
            spent += took;
            turns = took < enough ? 2 * turns : turns;
        }
        return (int) Math.max(1, blockMillis / millis);
    }

    private static KernelProfile.Turn profile(RunConfig config, Dataset dataset, int turns) {
        try (var kernels = kernels(config)) {
            var profile = new KernelProfile();
            var game = plain(config, dataset, profile.watch(kernels));
            game.play(turns);
            return profile.of(() -> game.play(turns), turns);
        }
    }

    private static Kernels kernels(RunConfig config) {
        return Backend.open(config.compute());
    }
}
