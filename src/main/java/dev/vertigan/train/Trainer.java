package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Saved;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Form;
import dev.vertigan.data.Marginals;
import dev.vertigan.duel.Duel;
import dev.vertigan.evaluation.Detectors;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.GameRules;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Minibatches;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Command;
import dev.vertigan.values.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One run in one process: builds the players and has the verticles play with them, from where the run's folder has got to.
public final class Trainer {

    private static final int MARGINAL_SAMPLES = 60_000;
    private static final int READ_AHEAD = 8; // minibatches

    private final Vertx vertx;
    private final Bus bus;
    private final RunFolder folder;
    private final RunConfig config;
    private final Dataset dataset;
    private final Minibatches minibatches;
    private final Kernels kernels;
    private final Kernels samplerKernels;
    private final Kernels evaluatorKernels;
    private final TrainingMeters meters;
    private final Generator generator;
    private final Discriminator discriminator;
    private final Promise<Outcome> outcome = Promise.promise();
    private List<String> notices = List.of();

    /// Builds everything; nothing runs before [#start].
    ///
    /// @param folder open, and closed by the caller after [#close]
    /// @throws dev.vertigan.config.UserError if the run cannot go on from what is in the folder
    public Trainer(Vertx vertx, Bus bus, RunFolder folder, RunConfig config, Dataset dataset, Kernels kernels, Kernels samplerKernels,
            Kernels evaluatorKernels, TrainingMeters meters) {
        Classes.check(config, dataset);
        this.vertx = vertx;
        this.bus = bus;
        this.folder = folder;
        this.config = config;
        this.dataset = folder.attached(dataset);
        minibatches = new Minibatches(this.dataset, config.seed(), config.batch(), Classes.of(config) > 0);
        this.kernels = kernels;
        this.samplerKernels = samplerKernels;
        this.evaluatorKernels = evaluatorKernels;
        this.meters = meters;
        var rules = GameRules.of(config, Shape.of(dataset.shape()), dataset.size());
        generator = new Generator(rules, config.generator(), marginals(config, dataset), kernels);
        discriminator = new Discriminator(rules, config.discriminator(), config.game(), kernels);
    }

    /// The data's mean sample, if this configuration starts from it; else empty.
    public static double[] marginals(RunConfig config, Dataset dataset) {
        return config.generator().init().outputBias() == Choice.OutputBias.DATA_MARGINALS ? Marginals.means(dataset, MARGINAL_SAMPLES)
                : new double[0];
    }

    /// Restores, deploys and begins to play.
    ///
    /// @param atRest whether it waits for resume or step instead
    /// @return completed when all verticles serve
    public Future<Void> start(boolean atRest) {
        return start(atRest, false, Map.of());
    }

    /// As the other.
    ///
    /// @param acceptsChanges whether the run may go on with other settings than it was begun with
    /// @param edit live settings to change before the first turn, by path; journalled
    /// @throws dev.vertigan.config.UserError if it has others and may not, or the edit does not fit
    public Future<Void> start(boolean atRest, boolean acceptsChanges, Map<String, JsonNode> edit) {
        var resumption = Resumption.read(folder, Origin.of(config, kernels, dataset), acceptsChanges, edit);
        var progress = new Progress(config, dataset.size());
        resumption.checkpoint().ifPresent(checkpoint -> restore(checkpoint, progress));
        minibatches.seek(progress.batches());
        boolean waits = folder.stream().filter(log -> log.size() < StreamVerticle.enough(config)).isPresent();
        var begun = resumption.begin();
        progress.undone(begun.undone());
        notices = notices(begun.notices(), waits);

        var now = begun.edits().after(progress.step());
        var saved = resumption.checkpoint().map(checkpoint -> new Saved(checkpoint.step(), checkpoint.sha256()));
        var watch = watch(now); // reads all reports, which an event loop has no time for
        var deployment = new Deployment(vertx);
        return deployment.deploy("archive", new ArchiveVerticle(bus, folder, config))
                .compose(_ -> deployment.deploy("sampler", sampler()))
                .compose(_ -> deployment.deploy("sampler", new DuelVerticle(bus, minibatches::now, this::reals,
                        reals -> new Duel(config, dataset, reals, samplerKernels))))
                .compose(_ -> deployment.deploy("sampler", new ExplorerVerticle(bus, config, dataset, samplerKernels)))
                .compose(_ -> deployment.deploy(evaluator()))
                .compose(_ -> deployment.deploy("watch", watch))
                .compose(_ -> deployment.deploy("sampler",
                        new NetworksVerticle(bus, generator.architecture(), discriminator.architecture())))
                .compose(_ -> deployment.deploy("compute", feed(Minibatches.index(now.game().branch(), progress.batches()))))
                .compose(_ -> deployment.deploy("compute", new GeneratorVerticle(bus, generator)))
                .compose(_ -> deployment.deploy("compute", new DiscriminatorVerticle(bus, discriminator)))
                .compose(_ -> deployment.deploy("compute",
                        new Conductor(bus, begun.edits().requiring(Discriminator.fits(Shape.of(dataset.shape()))), progress,
                                new Checkpointing(bus, saved), meters, atRest || waits, dataset.kind() == Dataset.Kind.IMAGE, outcome)))
                .compose(_ -> folder.stream().map(log -> deployment.deploy("stream", new StreamVerticle(bus, folder, config,
                        dataset.streamed().orElseThrow(), log, waits && !atRest))).orElseGet(Future::succeededFuture))
                .mapEmpty();
    }

    private List<String> notices(List<String> found, boolean waits) {
        var notices = new ArrayList<>(found);
        folder.stream().filter(log -> log.torn() > 0)
                .ifPresent(log -> notices.add("stream/rows.bin: the last " + log.torn() + " rows were cut short by a crash and are dropped"));
        if (waits) {
            notices.add("begins when " + StreamVerticle.enough(config) + " rows have come: POST /api/data takes them"
                    + (config.data().dir().isEmpty() ? "" : ", and files in " + config.data().dir()));
        }
        return notices;
    }

    private void restore(Checkpoint checkpoint, Progress progress) {
        var state = RunState.of(checkpoint.step(), checkpoint.tensors(), checkpoint.metadata());
        generator.restore(new PlayerState(state.generator().updates(), state.generator().tensors()));
        discriminator.restore(new PlayerState(state.discriminator().updates(), state.discriminator().tensors()));
        progress.seek(state.step(), state.batches());
    }

    private SamplerVerticle sampler() {
        return new SamplerVerticle(bus, Sampler.ofFixedLatents(config, Shape.of(dataset.shape()), config.samples().count(), samplerKernels),
                minibatches::now, Classes.of(config), this::reals);
    }

    private EvaluatorVerticle evaluator() {
        var cache = Datasets.cache(System.getenv()).resolve("features");
        return new EvaluatorVerticle(bus, Sampler.ofFixedLatents(config, Shape.of(dataset.shape()), 0, evaluatorKernels),
                Latents.drawn(config, config.seed()), Form.of(dataset), Preparations.of(config, minibatches::now, cache, evaluatorKernels),
                Contest.of(config, evaluatorKernels), LiveRating.of(folder.path(), config, minibatches::now, evaluatorKernels));
    }

    /// Knows what was reported before.
    private WatchVerticle watch(RunConfig now) {
        var detectors = new Detectors(dataset.classes());
        RunReader.reports(folder.path(), detectors::see);
        return new WatchVerticle(bus, detectors, new BestCheckpoint(config, folder.journal().entries()),
                new Patience(config.evaluation().best(), now.evaluation().patience()));
    }

    /// @param first the index of the minibatch that the run begins with
    private VerticleBase feed(long first) {
        if (dataset.inMemory()) {
            return new MemoryFeedVerticle(bus, minibatches, minibatches.room(kernels));
        }
        return new DataFeedVerticle(bus, minibatches, Stream.generate(() -> minibatches.room(kernels)).limit(READ_AHEAD).toList(), first,
                meters::waitedForData);
    }

    /// Some of the data as they are now.
    private float[] reals(Dataset now) {
        return Specimens.of(now, config.samples().count(), now.order(config.seed()), Classes.of(config));
    }

    /// What was lost of the run, and damaged; known once it has started.
    public List<String> notices() {
        return notices;
    }

    /// Completes when the run has made all its turns, or failed for the first time.
    public Future<Outcome> outcome() {
        return outcome.future();
    }

    /// Ends the turn, saves, and rests; completes when the checkpoint is verified on disk.
    public Future<Status> stop() {
        return bus.ask(new Command.Stop());
    }

    /// How many numbers G learns.
    public long generatorParameters() {
        return generator.parameterCount();
    }

    /// How many numbers D learns.
    public long discriminatorParameters() {
        return discriminator.parameterCount();
    }
}
