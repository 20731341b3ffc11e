package dev.vertigan.bench;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Command;
import dev.vertigan.bus.Report;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.game.PlainGame;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.run.RunFolder;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.Trainer;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Times a workload: the run over the bus and the plain loop turn about, block by block, so that a noisy machine is noisy to both.
///
/// @param blocks how many blocks of each
/// @param blockMillis how long a block takes, about
public record Bench(int blocks, double blockMillis) {

    private static final double WARM_UP_MILLIS = 3_000;

    /// @param folder where the run's folder goes; made
    /// @param progress told what is being done
    public Measurement measure(Workload workload, String schedule, Path folder, Consumer<String> progress) {
        var config = workload.config(List.of("game.schedule=" + schedule));
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        try (var plainKernels = kernels(config); var run = new Run(config, dataset, folder)) {
            var gemm = Stopwatch.Gemm.of(plainKernels);
            var plain = new PlainGame(config, dataset, Trainer.marginals(config, dataset), plainKernels);
            progress.accept("warming up " + workload.name());
            int turns = warmUp(plain, run);
            var plainMillis = new double[blocks];
            var turnMillis = new double[blocks];
            var shares = new double[blocks];
            var rates = new double[blocks];
            for (int i = 0; i < blocks; i++) {
                progress.accept("%s %s: block %d of %d, %d turns each".formatted(workload.name(), schedule, i + 1, blocks, turns));
                rates[i] = gemm.rate();
                plainMillis[i] = Stopwatch.millis(() -> plain.play(turns)) / turns;
                turnMillis[i] = run.millisPerTurn(turns);
                shares[i] = (turnMillis[i] - plainMillis[i]) / turnMillis[i];
            }
            var profile = profile(config, dataset, turns);
            double rate = Spread.of(rates).median();
            var turn = Spread.of(turnMillis);
            double gflop = profile.flops() / turns / 1e9;
            return new Measurement(workload.name(), workload.description(), schedule, plainKernels.describe(), turn, Spread.of(plainMillis),
                    Spread.of(shares), config.game().discriminatorSteps() * config.batch() / turn.median() * 1_000, gflop, rate,
                    gflop / rate * 1_000 / turn.median(), profile.shares());
        }
    }

    /// Plays until everything is compiled.
    ///
    /// @return the turns in a block
    private int warmUp(PlainGame plain, Run run) {
        double spent = 0;
        double millis = 1;
        for (int turns = 10; spent < WARM_UP_MILLIS; turns *= 2) {
            int some = turns;
            millis = Stopwatch.millis(() -> plain.play(some)) / turns;
            spent += millis * turns + run.millisPerTurn(turns) * turns;
        }
        return (int) Math.max(1, blockMillis / millis);
    }

    private record Profile(double flops, Map<String, Double> shares) {}

    private static Profile profile(RunConfig config, Dataset dataset, int turns) {
        try (var kernels = kernels(config)) {
            var profile = new KernelProfile();
            var game = new PlainGame(config, dataset, Trainer.marginals(config, dataset), profile.watch(kernels));
            game.play(Math.max(50, turns));
            profile.reset();
            double seconds = Stopwatch.millis(() -> game.play(turns)) / 1_000;
            var shares = new LinkedHashMap<String, Double>();
            double known = 0;
            for (var kernel : profile.seconds().entrySet()) {
                shares.put(kernel.getKey(), kernel.getValue() / seconds);
                known += kernel.getValue();
            }
            shares.put("other", 1 - known / seconds);
            return new Profile(profile.flops(), shares);
        }
    }

    private static Kernels kernels(RunConfig config) {
        return Kernels.create(config.compute().kernels(), config.compute().threads());
    }

    /// The real run: verticles, meters, a folder; at rest between blocks.
    private static final class Run implements AutoCloseable {

        private final Observability observability = Observability.start();
        private final Bus bus;
        private final RunFolder folder;
        private final Kernels kernels;
        private final Kernels samplerKernels;
        private final AtomicReference<Double> turnMillis = new AtomicReference<>(Double.NaN);

        Run(RunConfig config, Dataset dataset, Path path) {
            folder = RunFolder.create(path, config.toJson());
            kernels = kernels(config);
            samplerKernels = Kernels.create(config.compute().kernels(), 1);
            var meters = new TrainingMeters(observability.registry(), "bench", kernels.describe());
            bus = new Bus(observability.vertx(), meters);
            meters.follow(bus);
            var trainer = new Trainer(observability.vertx(), bus, folder, config, dataset, kernels, samplerKernels, meters);
            bus.listen(Addresses.REPORTS, Report.class, report -> turnMillis.set(report.turnMillis()));
            await(trainer.start(true));
        }

        /// Plays that many turns; the time of saving after them is not theirs.
        double millisPerTurn(int turns) {
            // The last turn is the one that reports, on the mean of all since the start.
            bus.ask(new Command.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(turns)));
            await(bus.ask(new Command.Step(turns)));
            return turnMillis.get();
        }

        private static <T> T await(Future<T> future) {
            return future.toCompletionStage().toCompletableFuture().join();
        }

        @Override
        public void close() {
            await(observability.vertx().close());
            folder.close();
            kernels.close();
            samplerKernels.close();
        }
    }
}
