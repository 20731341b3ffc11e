package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.Schedule;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.data.Images;
import dev.vertigan.game.PlainGame;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.Safetensors;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Command;
import dev.vertigan.values.Request;
import dev.vertigan.values.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Small real runs for tests: real data, real verticles, a real folder.
final class Runs {

    private static final RunConfig.Optimiser ADAM = new RunConfig.Optimiser(Choice.Optimiser.ADAM, Schedule.constant(1e-3), 1, 0, 0, 0, 0, 0.5,
            Schedule.constant(0.999), 1e-8, 0);
    private static final RunConfig.Optimiser SGD = new RunConfig.Optimiser(Choice.Optimiser.SGD, Schedule.constant(0.05), 1.0001, 1e-6, 0.5, 0.7, 2,
            0, Schedule.constant(0), 1e-8, 0);

    private static final int IMAGES = 50;

    private Runs() {}

    /// A ring trained by small networks.
    static RunConfig ring(long steps) {
        return config(steps, Choice.DataSet.RING, Choice.Scale.UNIT, List.of("dense 24 leaky-relu", "output"),
                List.of("dense 24 leaky-relu", "output"), ADAM,
                new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.ALTERNATING, 1, 1, Schedule.constant(0), RunConfig.Penalty.NONE));
    }

    /// Runs that differ in all that changes the course of a turn.
    static List<RunConfig> variety(long steps) {
        var plain = List.of("dense 24 leaky-relu", "output");
        var normed = List.of("dense 16", "batch-norm leaky-relu", "output");
        var tanh = List.of("dense 16", "batch-norm relu", "output tanh");
        var maxout = List.of("dropout 0.8", "maxout 12x3", "dropout 0.5", "output");
        var deconvolving = List.of("dense 98", "reshape 7x7x2", "batch-norm relu", "deconv 4 4x4 stride 2", "batch-norm relu",
                "output deconv 4x4 stride 2 tanh");
        var convolving = List.of("conv 4 4x4 stride 2 leaky-relu", "conv 4 4x4 stride 2", "batch-norm leaky-relu", "output");
        var upsampling = List.of("dense 98", "reshape 7x7x2", "upsample bilinear", "residual", "conv 3 3x3 leaky-relu", "conv 2 3x3", "add",
                "upsample nearest", "output conv 3x3 tanh");
        var downsampling = List.of("conv 3 5x5 stride 2 leaky-relu", "residual", "conv 4 3x3 leaky-relu", "dropout 0.7", "conv 3 1x1", "add",
                "downsample bilinear", "output");
        return List.of(
                ring(steps),
                with(config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, tanh, convolving, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 1, 1, Schedule.constant(0.1),
                                RunConfig.Penalty.NONE)),
                        "shards=4"),
                config(steps, Choice.DataSet.RING, Choice.Scale.UNIT, plain, plain, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 1, 0.9, Schedule.constant(0.05),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.GRID, Choice.Scale.UNIT, plain, plain, SGD,
                        new RunConfig.Game(Choice.Objective.MINIMAX, Choice.Schedule.ALTERNATING, 3, 1, Schedule.constant(0.1),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.GAUSSIAN, Choice.Scale.UNIT, plain, plain, SGD,
                        new RunConfig.Game(Choice.Objective.MINIMAX, Choice.Schedule.SIMULTANEOUS, 2, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, tanh, maxout, SGD,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 1, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, tanh, normed, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.ALTERNATING, 1, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, tanh, normed, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 2, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, deconvolving, convolving, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.ALTERNATING, 1, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE)),
                config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, upsampling, downsampling, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 1, 1, Schedule.constant(0.1),
                                RunConfig.Penalty.NONE)),
                with(ring(steps), "game.objective=relativistic", "game.discriminatorSteps=2", "game.penalty.r1=0.1",
                        "game.penalty.r2=0.2, linear to 0 at 200", "game.instanceNoise=0.1, cosine to 0.05 at 300",
                        "emaHalfLife=0, linear to 90 at 900",
                        "discriminator.spectralNorm=true", "generator.optimiser.rate=1e-4, linear to 1e-3 at 100",
                        "discriminator.optimiser.beta2=0.9, exponential to 0.99 at 300"),
                config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, tanh, maxout, ADAM,
                        new RunConfig.Game(Choice.Objective.HINGE, Choice.Schedule.SIMULTANEOUS, 1, 1, Schedule.constant(0),
                                new RunConfig.Penalty(Schedule.constant(0.1), Schedule.constant(0), Schedule.constant(2), 0))),
                with(ring(steps), "game.objective=relativistic", "game.schedule=simultaneous", "game.discriminatorSteps=2", "game.penalty.r1=0.1",
                        "game.penalty.r2=0.2", "game.instanceNoise=0.1", "generator.layers=dense 24 classes 8 leaky-relu, output",
                        "discriminator.layers=dense 24 classes 8 leaky-relu, output projection 8"),
                with(config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, deconvolving, convolving, ADAM,
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.ALTERNATING, 1, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE)),
                        "shards=4",
                        "generator.layers=dense 98 classes 10, reshape 7x7x2, batch-norm classes 10 relu, deconv 4 4x4 stride 2, batch-norm relu, "
                                + "output deconv 4x4 stride 2 tanh",
                        "discriminator.layers=conv 4 4x4 stride 2 leaky-relu, conv 4 4x4 stride 2, batch-norm leaky-relu, output projection 10"),
                with(ring(steps), "data.name=turning-ring", "data.stream.period=1500", "data.size=500"),
                with(config(steps, Choice.DataSet.DIGITS, Choice.Scale.SYMMETRIC, tanh, convolving, ADAM,
                        new RunConfig.Game(Choice.Objective.RELATIVISTIC, Choice.Schedule.ALTERNATING, 1, 1, Schedule.constant(0.1),
                                RunConfig.Penalty.NONE, 0, 2, new RunConfig.Augmentation(true, 0.125, 0.5, 1))),
                        "shards=2"));
    }

    /// A run like it with some other settings.
    static RunConfig with(RunConfig config, String... assignments) {
        return new ConfigLoader().read(config.toJson(), "a test", Stream.of(assignments).map(Assignment::parse).toList());
    }

    /// The same run on that many threads.
    static RunConfig threads(RunConfig config, int threads) {
        return with(config, "compute.threads=" + threads);
    }

    /// The same run with every checkpoint kept.
    static RunConfig keepingAll(RunConfig config) {
        return with(config, "checkpoint.keep=1000");
    }

    /// A folder of images, of which each is in a few minibatches.
    static RunConfig images(long steps, Path folder) {
        for (int i = 0; i < IMAGES; i++) {
            Images.write(folder.resolve("%02d.png".formatted(i)), Images.encode(Images.noise(12, 10, i), "png"));
        }
        return images(steps, Choice.DataSet.IMAGES, folder);
    }

    /// MNIST's files with as many images in them.
    static RunConfig idx(long steps, Path folder) {
        var pixels = new byte[IMAGES * 28 * 28];
        new Random(1).nextBytes(pixels);
        Images.write(folder.resolve("train-images-idx3-ubyte"), Images.idx(pixels, 0x803, IMAGES, 28, 28));
        Images.write(folder.resolve("train-labels-idx1-ubyte"), Images.idx(new byte[IMAGES], 0x801, IMAGES));
        return images(steps, Choice.DataSet.MNIST, folder);
    }

    private static RunConfig images(long steps, Choice.DataSet data, Path folder) {
        var config = config(steps, data, Choice.Scale.SYMMETRIC, List.of("dense 16", "batch-norm relu", "output tanh"),
                List.of("dense 24 leaky-relu", "output"),
                ADAM,
                new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.ALTERNATING, 2, 1, Schedule.constant(0), RunConfig.Penalty.NONE));
        return new RunConfig(config.seed(), steps, config.batch(), config.shards(),
                new RunConfig.Data(data, folder.toString(), 1, Choice.Scale.SYMMETRIC, 8, 3, 1, 1, 1, "", RunConfig.Streamed.DEFAULT, 0),
                config.latent(), config.generator(), config.discriminator(), config.emaDecay(), config.emaHalfLife(), config.game(), config.report(),
                config.samples(),
                config.checkpoint(), config.compute(), config.dashboard(), config.metrics(), config.log(), config.webhook(), config.evaluation());
    }

    private static RunConfig config(long steps, Choice.DataSet data, Choice.Scale scale, List<String> generator, List<String> discriminator,
            RunConfig.Optimiser optimiser, RunConfig.Game game) {
        var he = new RunConfig.Init(Choice.Weights.HE, 0.05, Choice.OutputBias.ZERO);
        int modes = data == Choice.DataSet.GRID ? 25 : 8;
        return new RunConfig(3, steps, 32, 1, new RunConfig.Data(data, "", 2_000, scale, 32, 3, modes, 1, 0.05, "", RunConfig.Streamed.DEFAULT, 0),
                new RunConfig.Latent(8, Choice.Distribution.NORMAL),
                new RunConfig.Player(generator, false, he, optimiser), new RunConfig.Player(discriminator, false, he, optimiser), 0.99,
                Schedule.constant(0), game,
                new RunConfig.ReportEvery(5, 7), new RunConfig.Samples(20, 16, 64), new RunConfig.Checkpoints(15, 3, 64),
                new RunConfig.Compute(2, Choice.Kernels.SIMD, Choice.Precision.FLOAT32),
                new RunConfig.Dashboard("127.0.0.1", 0, "", "", List.of(), false), new RunConfig.Metrics("", 0),
                new RunConfig.Log(Choice.LogFormat.TEXT, ""), new RunConfig.Webhook("", 5),
                new RunConfig.Evaluation(0, Choice.Best.NONE, 0, 0, 0, ""));
    }

    /// The same with samples measured as often as can be.
    static RunConfig evaluating(RunConfig config) {
        return new RunConfig(config.seed(), config.steps(), config.batch(), config.shards(), config.data(), config.latent(), config.generator(),
                config.discriminator(), config.emaDecay(), config.emaHalfLife(), config.game(), config.report(), config.samples(),
                config.checkpoint(),
                config.compute(), config.dashboard(), config.metrics(), config.log(), config.webhook(),
                new RunConfig.Evaluation(0.9, Choice.Best.HIGH_QUALITY, 0, 2, 0, ""));
    }

    /// The hash a plain loop without a bus comes to.
    static String plain(RunConfig config) {
        try (var kernels = kernels(config)) {
            return Safetensors.sha256(plain(config, kernels));
        }
    }

    /// The state a plain loop on those kernels comes to.
    static SortedMap<String, Tensor> plain(RunConfig config, Kernels kernels) {
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        var game = new PlainGame(config, dataset, Trainer.marginals(config, dataset), kernels);
        game.play(config.steps());
        return game.state();
    }

    private static Kernels kernels(RunConfig config) {
        return Backend.open(config.compute().kernels(), config.compute().threads());
    }

    /// A run in a folder, made if there is none, else resumed.
    static final class Running implements AutoCloseable {

        private final Vertx vertx = Vertx.vertx();
        private final Bus bus = new Bus(vertx, (_, _) -> {});
        private final SimpleMeterRegistry meters;
        private final RunFolder folder;
        private final Kernels kernels;
        private final Kernels samplerKernels;
        private final Kernels evaluatorKernels;
        private final Trainer trainer;

        Running(Path path, RunConfig config) {
            this(path, config, Datasets.open(config.data(), Downloads.Progress.NONE), new SimpleMeterRegistry());
        }

        Running(Path path, RunConfig config, SimpleMeterRegistry meters) {
            this(path, config, Datasets.open(config.data(), Downloads.Progress.NONE), meters);
        }

        Running(Path path, RunConfig config, Dataset dataset) {
            this(path, config, dataset, new SimpleMeterRegistry());
        }

        private Running(Path path, RunConfig config, Dataset dataset, SimpleMeterRegistry meters) {
            this.meters = meters;
            folder = Files.exists(path.resolve("config.json")) ? RunFolder.open(path) : RunFolder.create(path, config.toJson());
            kernels = kernels(config);
            samplerKernels = kernels(config);
            evaluatorKernels = kernels(config);
            trainer = new Trainer(vertx, bus, folder, config, dataset, kernels, samplerKernels, evaluatorKernels,
                    new TrainingMeters(meters, "test", kernels.describe()));
        }

        Running start() {
            await(trainer.start(false));
            return this;
        }

        /// With other settings than it was begun with.
        Running startAccepting() {
            await(trainer.start(false, true, Map.of()));
            return this;
        }

        Running startAtRest() {
            await(trainer.start(true));
            return this;
        }

        <R extends Record> R ask(Request<R> request) {
            return await(bus.ask(request));
        }

        Bus bus() {
            return bus;
        }

        RunFolder folder() {
            return folder;
        }

        Outcome outcome() {
            return await(trainer.outcome());
        }

        String hash() {
            return outcome().weightsSha256().orElseThrow();
        }

        /// Plays on to the end, when the run goes on after its first outcome.
        String lastHash() {
            while (ask(new Command.GetStatus()).state() == Status.State.RUNNING) {
                Thread.onSpinWait();
            }
            return folder.recover().checkpoint().orElseThrow().sha256();
        }

        double nonFiniteTurns() {
            return meters.get("vertigan.nonfinite").counter().count();
        }

        void stop() {
            ask(new Command.Stop());
        }

        @Override
        public void close() {
            await(vertx.close());
            folder.close();
            kernels.close();
            samplerKernels.close();
            evaluatorKernels.close();
        }
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
    }
}
