package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.HostRandom;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// G: turns noise into samples and learns only through the gradient at its samples. Not thread-safe.
public final class Generator {

    private static final double MARGINAL_MARGIN = 1e-7; // keeps the logit of a pixel that never changes finite

    private static final float UNIFORM_LIMIT = (float) Math.sqrt(3); // variance 1, as the normal's

    private final GameRules rules;
    private final Kernels kernels;
    private final int batch;
    private final int rows; // of a shard
    private final Player player;
    private final List<Trace> traces = new ArrayList<>(); // of each shard
    private final List<Parameters> statistics = new ArrayList<>(); // of each shard
    private final Parameters average; // EMA of the weights
    private final Parameters averageStatistics; // EMA of batch norm's running statistics
    private final Tensor latents; // [batch, latent]
    private final Optional<Tensor> classes; // [batch, classes], one-hot; none if G does not look
    private final Tensor fakes; // [batch, features], if there are several shards
    private final Map<Portrait.Use, Portrait> portraits = new EnumMap<>(Portrait.Use.class);

    /// @param marginals each feature's mean over the data, `[features]`; used if the config initialises the output bias from it, else empty
    public Generator(GameRules rules, RunConfig.Player config, double[] marginals, Kernels kernels) {
        this.rules = rules;
        var sample = rules.sample();
        this.kernels = kernels;
        batch = rules.batch();
        int shards = rules.shards();
        rows = batch / shards;
        var network = Player.network(rules.seed(), config, architecture(config, rules.latent(), sample), kernels,
                Streams.GENERATOR_WEIGHTS, Streams.GENERATOR_DROPOUT);
        if (config.init().outputBias() == Choice.OutputBias.DATA_MARGINALS) {
            biasFromMarginals(network, marginals);
        }
        player = new Player("generator", network, config, new LearningSchedule(rules.epochSize(), batch), 1, kernels);
        for (int shard = 0; shard < shards; shard++) {
            traces.add(network.trace(rows));
            statistics.add(network.statistics().alike(kernels));
        }
        fakes = kernels.allocate(shards == 1 ? 0 : batch, sample.size());
        average = network.weights().alike(kernels);
        average.flat().segment().copyFrom(network.weights().flat().segment());
        player.keep("ema.", average);
        averageStatistics = network.statistics().alike(kernels);
        averageStatistics.flat().segment().copyFrom(network.statistics().flat().segment());
        player.keep("ema.", "ema.statistics", averageStatistics);
        latents = kernels.allocate(batch, rules.latent().size());
        int count = network.architecture().classes();
        classes = count == 0 ? Optional.empty() : Optional.of(kernels.allocate(batch, count));
        for (var use : Portrait.Use.values()) {
            portraits.put(use, new Portrait(average.alike(kernels), network.statistics().alike(kernels)));
        }
    }

    /// G on paper.
    ///
    /// @throws Architecture.Unfit if the layers do not fit
    public static Architecture architecture(RunConfig config, Shape sample) {
        return architecture(config.generator(), config.latent(), sample);
    }

    private static Architecture architecture(RunConfig.Player config, RunConfig.Latent latent, Shape sample) {
        return Architecture.parse(config.layers(), Shape.of(latent.size()), sample);
    }

    /// Per feature, or per channel where a convolution has the last word.
    private static void biasFromMarginals(Network network, double[] marginals) {
        var bias = network.weights().view(network.architecture().outputBias());
        int channels = Math.toIntExact(bias.size());
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            for (int i = channel; i < marginals.length; i += channels) {
                sum += marginals[i];
            }
            double mean = Math.clamp(sum / (marginals.length / channels), MARGINAL_MARGIN, 1 - MARGINAL_MARGIN);
            bias.set(channel, Math.log(mean / (1 - mean)));
        }
    }

    /// A minibatch of fakes G(z); it belongs to G and holds until the next call.
    ///
    /// @param labels the class each is to be of, `[batch]`; none if the game knows no classes
    public Batch generate(Moment moment, Optional<Tensor> labels) {
        classes.ifPresent(all -> kernels.oneHot(labels.orElseThrow(), all));
        return new Batch(generate(moment), labels, 0);
    }

    private Tensor generate(Moment moment) {
        draw(rules.latent(), kernels, Streams.latents(rules.seed(), moment), latents);
        var pass = Pass.training(moment.key(), moment.phase());
        boolean learning = moment.phase() == Moment.GENERATOR_PHASE;
        if (traces.size() == 1) {
            return traces.getFirst().forward(latents, (learning ? pass.tracking(statistics.getFirst()) : pass).of(classes));
        }
        for (int shard = 0; shard < traces.size(); shard++) {
            long from = (long) shard * rows;
            var part = pass.at(List.of(new Pass.Stretch(from, rows))).of(classes.map(all -> all.rows(from, rows)));
            var samples = traces.get(shard).forward(latents.rows(from, rows), learning ? part.tracking(statistics.get(shard)) : part);
            kernels.copy(samples, fakes.rows(from, rows));
        }
        return fakes;
    }

    private static void draw(RunConfig.Latent latent, Kernels kernels, Draw draw, Tensor latents) {
        if (uniform(latent)) {
            kernels.uniform(latents, -UNIFORM_LIMIT, UNIFORM_LIMIT, draw);
        } else {
            kernels.normal(latents, draw);
        }
    }

    /// Fills latents that are drawn once in a process, `[n, latent]`.
    static void drawOnce(RunConfig.Latent latent, Draw draw, Tensor latents) {
        if (uniform(latent)) {
            HostRandom.uniform(latents, -UNIFORM_LIMIT, UNIFORM_LIMIT, draw);
        } else {
            HostRandom.normal(latents, draw);
        }
    }

    private static boolean uniform(RunConfig.Latent latent) {
        return latent.distribution() == Choice.Distribution.UNIFORM;
    }

    /// G's update from the gradient of its loss at the fakes of the last [#generate].
    ///
    /// @param sampleGradient `∂L_G/∂x[batch, features]`, overwritten
    /// @param emaDecay of the moving average of the weights and of batch norm's running statistics
    /// @throws NonFinite if a gradient is not finite
    public void improve(Tensor sampleGradient, long step, RunConfig.Optimiser optimiser, double emaDecay) {
        backward(sampleGradient);
        learn(step, optimiser, emaDecay);
    }

    /// The first half of [#improve]: what the fakes of the last [#generate] teach, all shards' in their order. Changes no weight.
    ///
    /// @param sampleGradient `∂L_G/∂x[batch, features]`, overwritten
    public void backward(Tensor sampleGradient) {
        for (int shard = 0; shard < traces.size(); shard++) {
            var lesson = new Lesson(player.lesson(shard).gradients(), List.of(statistics.get(shard)));
            teach(shard, sampleGradient, lesson);
            player.take(shard, lesson);
        }
    }

    /// Computes what a shard of the fakes of the last [#generate] teaches, and changes nothing.
    ///
    /// @param sampleGradient `∂L_G/∂x[batch, features]`, of which the shard's part is overwritten
    void teach(int shard, Tensor sampleGradient, Lesson into) {
        var part = traces.size() == 1 ? sampleGradient : sampleGradient.rows((long) shard * rows, rows);
        traces.get(shard).backward(part, GradientTarget.replacing(into.gradients()));
        var seen = statistics.get(shard);
        if (into.statistics().getFirst() != seen && seen.flat().size() > 0) {
            kernels.copy(seen.flat(), into.statistics().getFirst().flat());
        }
    }

    /// Room for what a shard teaches.
    Lesson emptyLesson() {
        return player.emptyLesson();
    }

    /// See [Player#take].
    void take(int shard, Lesson lesson) {
        player.take(shard, lesson);
    }

    /// Applies the lessons taken.
    ///
    /// @throws NonFinite if a gradient is not finite
    public void learn(long step, RunConfig.Optimiser optimiser, double emaDecay) {
        player.update(step, optimiser);
        float decay = averageDecay(emaDecay, player.updates());
        kernels.movingAverage(average.flat(), player.network().weights().flat(), decay);
        if (averageStatistics.flat().size() > 0) {
            kernels.movingAverage(averageStatistics.flat(), player.network().statistics().flat(), decay);
        }
    }

    /// Short at first, so that early pictures are not of the first weights.
    private static float averageDecay(double decay, long t) {
        return (float) Math.min(decay, (1.0 + t) / (10 + t));
    }

    /// What the last [#improve] did.
    ///
    /// @throws NonFinite if it is not finite
    public Map<Metric, Double> measured(long step) {
        var measured = new EnumMap<Metric, Double>(Metric.class);
        player.measured(step, Metric.GRADIENT_NORM_G, Metric.UPDATE_RATIO_G, measured);
        return measured;
    }

    /// A copy of what pictures are drawn with. There is one such copy for each use: it holds until the next call.
    public Portrait portrait(Portrait.Use use) {
        var portrait = Objects.requireNonNull(portraits.get(use));
        portrait.weights().flat().segment().copyFrom(average.flat().segment());
        portrait.statistics().flat().segment().copyFrom(averageStatistics.flat().segment());
        return portrait;
    }

    /// See [Player#lease].
    ///
    /// @param averaged whether of the weights' moving average
    public Portrait lease(boolean averaged, Portrait.Use use) {
        return averaged ? player.lease(use, average, averageStatistics) : player.lease(use);
    }

    /// Copies the weights and batch norm's running statistics, or the moving averages of both, into room that is as large, flat.
    ///
    /// @return updates made
    public long copy(boolean averaged, Tensor weights, Tensor statistics) {
        var network = player.network();
        weights.segment().copyFrom((averaged ? average : network.weights()).flat().segment());
        statistics.segment().copyFrom((averaged ? averageStatistics : network.statistics()).flat().segment());
        return player.updates();
    }

    /// See [Player#probe].
    public void probe() {
        player.probe();
    }

    /// See [Player#look].
    public Optional<LayerFigures> look() {
        return player.look(traces.getFirst());
    }

    /// G's network on paper.
    public Architecture architecture() {
        return player.network().architecture();
    }

    /// See [Player#capture].
    public PlayerState capture() {
        return player.capture();
    }

    /// See [Player#restore].
    public void restore(PlayerState state) {
        player.restore(state);
    }

    /// How many numbers G learns.
    public long parameterCount() {
        return player.network().parameterCount();
    }
}
