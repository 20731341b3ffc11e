package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Saved;
import dev.vertigan.config.Choice;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Marginals;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Minibatches;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.CheckpointStore;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Command;
import dev.vertigan.values.Status;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One run in one process: builds the players, puts them back where the run's newest checkpoint has them, and deploys the verticles.
public final class Trainer {

    private static final int MARGINAL_SAMPLES = 60_000;
    private static final Pattern BITWISE_ALIKE = Pattern.compile(", \\d+ threads?$"); // kernels give the same bits on any number of threads
    private static final int READ_AHEAD = 8; // minibatches

    private final Vertx vertx;
    private final Bus bus;
    private final RunFolder folder;
    private final RunConfig config;
    private final Dataset dataset;
    private final Kernels kernels;
    private final Kernels samplerKernels;
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
            TrainingMeters meters) {
        this.vertx = vertx;
        this.bus = bus;
        this.folder = folder;
        this.config = config;
        this.dataset = dataset;
        this.kernels = kernels;
        this.samplerKernels = samplerKernels;
        this.meters = meters;
        generator = new Generator(config, Shape.of(dataset.shape()), dataset.size(), marginals(config, dataset), kernels);
        discriminator = new Discriminator(config, Shape.of(dataset.shape()), dataset.size(), kernels);
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
        return start(atRest, false);
    }

    /// As the other.
    ///
    /// @param acceptsChanges whether the run may go on with other settings than it was begun with
    /// @throws dev.vertigan.config.UserError if it has others and may not
    public Future<Void> start(boolean atRest, boolean acceptsChanges) {
        return start(atRest, acceptsChanges, Map.of());
    }

    /// As the others, with an edit before the first turn.
    ///
    /// @param edit live settings to change, by path; journalled
    /// @throws dev.vertigan.config.UserError if they do not fit
    public Future<Void> start(boolean atRest, boolean acceptsChanges, Map<String, JsonNode> edit) {
        var changes = new Origin(config, BITWISE_ALIKE.matcher(kernels.describe()).replaceAll(""), dataset.fingerprint())
                .since(folder.journal().entries(), acceptsChanges);
        var edits = Edits.of(config, folder.journal().entries());
        var progress = new Progress(config, dataset.size());
        var recovery = folder.recover();
        var recovered = recovery.checkpoint();
        recovered.ifPresent(checkpoint -> restore(checkpoint, progress));
        long undone = folder.rewindTo(recovered.map(Checkpoint::step).orElse(-1L));
        notices = notices(recovery, progress.step(), undone);
        if (recovered.isPresent()) {
            notices.addAll(changes.notices());
        }
        var saved = recovered.map(checkpoint -> new Saved(checkpoint.step(), checkpoint.sha256()));
        folder.journal().append(progress.step(), recovered.isPresent() ? Journal.Kind.RESUME : Journal.Kind.START,
                changes.details());
        if (!edit.isEmpty()) {
            edit(edits, progress.step(), edit);
        }

        var conductor = new Conductor(bus, config, edits, progress, new Checkpointing(bus, saved), meters, atRest,
                outcome);
        var sampler = Sampler.ofFixedLatents(config, Shape.of(dataset.shape()), config.samples().count(), samplerKernels);
        var feed = feed(progress.batches());
        return deploy(new ArchiveVerticle(bus, folder, config), "archive")
                .compose(_ -> deploy(new SamplerVerticle(bus, sampler, dataset, this::reals), "sampler"))
                .compose(_ -> deploy(feed, "compute"))
                .compose(_ -> deploy(new GeneratorVerticle(bus, generator), "compute"))
                .compose(_ -> deploy(new DiscriminatorVerticle(bus, discriminator), "compute"))
                .compose(_ -> deploy(conductor, "compute"))
                .mapEmpty();
    }

    private void edit(Edits edits, long step, Map<String, JsonNode> edit) {
        try {
            edits.after(step).with(edit);
        } catch (InvalidEdit e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
        ObjectNode details = JsonNodeFactory.instance.objectNode().setAll(edit);
        folder.journal().append(step, Journal.Kind.EDIT, details);
        edits.add(step, edit);
    }

    /// @param first the minibatch that the run begins with
    private VerticleBase feed(long first) {
        var minibatches = new Minibatches(dataset, config.seed(), config.batch());
        if (dataset.inMemory()) {
            return new MemoryFeedVerticle(bus, minibatches, minibatch());
        }
        return new DataFeedVerticle(bus, minibatches, Stream.generate(this::minibatch).limit(READ_AHEAD).toList(), first, meters::waitedForData);
    }

    private Tensor minibatch() {
        return kernels.allocate(config.batch(), dataset.features());
    }

    /// Each pool has one thread: what shares a pool shares a thread, and never waits for itself.
    private Future<String> deploy(VerticleBase verticle, String pool) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("vertigan-" + pool).setWorkerPoolSize(1)
                .setMaxWorkerExecuteTime(1).setMaxWorkerExecuteTimeUnit(TimeUnit.DAYS)); // a turn of a large network takes what it takes
    }

    private void restore(Checkpoint checkpoint, Progress progress) {
        var state = RunState.of(checkpoint.step(), checkpoint.tensors(), checkpoint.metadata());
        generator.restore(new PlayerState(state.generator().updates(), state.generator().tensors()));
        discriminator.restore(new PlayerState(state.discriminator().updates(), state.discriminator().tensors()));
        progress.seek(state.step(), state.batches());
    }

    /// What whoever resumes needs to know of what was lost.
    private List<String> notices(CheckpointStore.Recovery recovery, long step, long undone) {
        var found = new ArrayList<String>();
        recovery.rejected().forEach(bad -> found.add(bad.file() + ": damaged, passed over: " + bad.reason()));
        folder.journal().torn().ifPresent(line -> found.add("journal.jsonl: its last line was cut short by a crash and is dropped: '" + line + "'"));
        if (undone > 0) {
            found.add(String.format(Locale.ROOT, "at least %,d turns after step %,d were not saved; they are played again", undone, step));
        }
        return found;
    }

    /// What was lost of the run, and damaged; known once it has started.
    public List<String> notices() {
        return notices;
    }

    /// In the order that they are trained on, since a data set may be sorted by class.
    private float[] reals() {
        var order = new BatchOrder(config.seed(), dataset.size());
        int features = dataset.features();
        var reals = new float[config.samples().count() * features];
        for (int i = 0; i < config.samples().count(); i++) {
            dataset.read(order.index(i), reals, i * features);
        }
        return reals;
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
