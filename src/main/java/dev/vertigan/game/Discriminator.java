package dev.vertigan.game;

import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Shape;
import dev.vertigan.objective.MinibatchObjective;
import dev.vertigan.objective.Objective;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Curve;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Loss;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// D: tells reals from fakes. Not thread-safe.
///
/// What changes in a run (rates, noise, labels) comes with each call. Losses and scores stay where they are computed until [#measured] is asked.
public final class Discriminator {

    /// Beyond it a slope is too small to be divided by (float32 ends at e⁻⁸⁷).
    private static final double STEEPEST_LOGIT = 40;

    /// More than nothing where a fake's logit is beyond.
    private static final Loss TOO_STEEP = Loss.of(Curve.RELU).at(-1, -STEEPEST_LOGIT);

    private static final int LOSS = 0; // places in the sums
    private static final int REAL_SCORE = 1;
    private static final int FAKE_SCORE = 2;
    private static final int GENERATOR_LOSS = 3;
    private static final int STEEPNESS = 4;
    private static final int PENALTY = 5;
    private static final int BOUNDED = 6;
    private static final int SUMS = 7;

    private final int batch;
    private final int shards;
    private final int rows; // of a shard
    private final int packs; // of a shard, that D judges
    private final int judged; // packs of the minibatch
    private final DiscriminatorView view;
    private final Kernels kernels;
    private final Player player;
    private final MinibatchObjective objective;
    private final PairPass pass;
    private final Penalties penalties;
    private final Tensor factors; // [packs, 1]
    private final Tensor sums; // float64
    private final Tensor discarded; // float64 [1]
    private final Tensor none; // [0]
    private final Tensor critique; // [batch, features]: G's gradient, if there are several shards
    private boolean penalised; // in the last judge

    /// @param game as it begins: its objective and which penalties there are stay
    public Discriminator(GameRules rules, RunConfig.Player config, RunConfig.Game game, Kernels kernels) {
        var sample = rules.sample();
        this.kernels = kernels;
        shards = rules.shards();
        batch = rules.batch();
        rows = batch / shards;
        packs = rows / game.pack();
        judged = batch / game.pack();
        view = new DiscriminatorView(rules, game, rows, kernels);
        var network = Player.network(rules.seed(), config, architecture(config, game, sample), kernels, Streams.DISCRIMINATOR_WEIGHTS,
                Streams.DISCRIMINATOR_DROPOUT);
        player = new Player("discriminator", network, config, new LearningSchedule(rules.epochSize(), batch),
                network.architecture().crossSample() ? 2 : 0, kernels);
        objective = new MinibatchObjective(Objective.of(game.objective()), kernels, packs);
        pass = new PairPass(network, kernels, packs, sample.size() * game.pack());
        penalties = new Penalties(network, pass, rules.seed(), packs, judged, kernels);
        factors = kernels.allocate(packs, 1);
        sums = kernels.sums(SUMS);
        discarded = kernels.sums(1);
        none = kernels.allocate(0);
        critique = kernels.allocate(shards == 1 ? 0 : batch, sample.size());
    }

    /// D on paper.
    ///
    /// @throws Architecture.Unfit if the layers do not fit
    public static Architecture architecture(RunConfig config, Shape sample) {
        var problems = DiscriminatorView.problems(config, sample, Architecture.classes(config.discriminator().layers()));
        if (!problems.isEmpty()) {
            throw new Architecture.Unfit(problems);
        }
        return architecture(config.discriminator(), config.game(), sample);
    }

    private static Architecture architecture(RunConfig.Player config, RunConfig.Game game, Shape sample) {
        var penalty = game.penalty();
        var architecture = Architecture.parse(config.layers(), Packing.judged(sample, game.pack()), Shape.of(1));
        if (!architecture.outputActivation().equals(Activation.LINEAR)) {
            throw new Architecture.Unfit(
                    List.of(String.format(Locale.ROOT, "expected \"output\" without activation (objectives work on logits), found \"%s\"",
                            config.layers().getLast())));
        }
        architecture.smoothLayer().filter(_ -> penalty.exact()).ifPresent(layer -> {
            throw new Architecture.Unfit(List.of("expected linear pieces (linear, relu, leaky-relu, maxout) with game.penalty, found " + layer
                    + "; take it out, set game.penalty.r1, r2 and gp to 0, or have r1 and r2 approximated by game.penalty.noise"));
        });
        return architecture;
    }

    /// Whether a configuration's D fits samples of that shape, as a check.
    public static ConfigLoader.Check fits(Shape sample) {
        return (config, problems) -> {
            try {
                architecture(config, sample);
            } catch (Architecture.Unfit e) {
                e.problems().forEach(problem -> problems.add("discriminator.layers", problem));
            }
        };
    }

    /// Whether [#critique] needs reals.
    public boolean needsReals() {
        return objective.formula().needsReals();
    }

    /// What is asked of a [#judge].
    ///
    /// @param critique whether G's gradient at the same fakes is wanted too, of the D before it learns: the simultaneous schedule
    /// @param scores whether the mean scores are wanted
    public record Wanted(boolean critique, boolean scores) {}

    /// Computes the gradient of D's loss on a minibatch of each; [#learn] applies it.
    ///
    /// @param reals x
    /// @param fakes G(z)
    /// @return `∂L_G/∂x[batch, features]` if wanted; it belongs to D and holds until its next call
    /// @throws NonFinite if the loss is not finite; nothing was changed
    public Optional<Tensor> judge(Batch reals, Batch fakes, Moment moment, RunConfig.Game game, Wanted wanted) {
        var weights = weights(moment, game);
        penalised = weights.any();
        kernels.fill(sums, 0);
        Optional<Tensor> gradient = Optional.empty();
        for (int shard = 0; shard < shards; shard++) {
            var lesson = player.lesson(shard);
            teach(shard, reals, fakes, moment, game, wanted.scores, lesson);
            if (wanted.critique) {
                gradient = Optional.of(gather(shard, view.back(critiqueJudged(weights), fakes.first() + (long) shard * rows, moment)));
                finite(moment.step(), GENERATOR_LOSS);
            }
            player.take(shard, lesson);
        }
        return gradient;
    }

    /// Computes what a shard of the minibatch teaches, and changes nothing.
    ///
    void teach(int shard, Batch reals, Batch fakes, Moment moment, RunConfig.Game game, boolean scores, Lesson into) {
        see(part(reals, shard), moment, game, true);
        see(part(fakes, shard), moment, game, false);
        pass.forward(moment, into.statistics(), (long) shard * packs, judged);
        objective.judge(pass.realLogits(), pass.fakeLogits(), game.realLabel(), judged, pass.realSlopes(), pass.fakeSlopes(), sums, LOSS);
        if (scores) {
            objective.score(pass.realLogits(), judged, sums, REAL_SCORE);
            objective.score(pass.fakeLogits(), judged, sums, FAKE_SCORE);
        }
        finite(moment.step(), LOSS);
        penalties.backward(weights(moment, game), moment, (long) shard * packs, sums, PENALTY, into.gradients());
    }

    private Penalties.Weights weights(Moment moment, RunConfig.Game game) {
        return Penalties.Weights.of(game.penalty(), moment.step(), batch);
    }

    /// Room for what a shard teaches.
    Lesson emptyLesson() {
        return player.emptyLesson();
    }

    /// See [Player#take].
    void take(int shard, Lesson lesson) {
        player.take(shard, lesson);
    }

    /// The gradient of G's loss at the fakes just judged.
    ///
    /// Per sample both players' gradients are ∂D/∂x times a number. So a penalty's ∂D/∂x is scaled row by row; and where D looks at each sample
    /// alone and its own slopes are never zero, its backward pass is rescaled instead of done again. A device is not asked whether a slope is
    /// too small for that: it does it again.
    private Tensor critiqueJudged(Penalties.Weights weights) {
        objective.critique(pass.realLogits(), pass.fakeLogits(), judged, factors, sums, GENERATOR_LOSS);
        objective.boundedShare(pass.fakeLogits(), judged, sums, BOUNDED);
        if (weights.exact()) {
            var gradient = pass.fakePull();
            kernels.scaleRows(gradient, factors.reshape(packs));
            return gradient;
        }
        var ratio = objective.formula().ratio();
        if (ratio.isPresent() && !weights.approximate() && kernels.onHost() && !player.network().architecture().crossSample() && !tooSteep()) {
            kernels.loss(pass.fakeLogits(), ratio.get(), 1, factors, discarded, 0);
            var gradient = pass.fakeGradient();
            kernels.scaleRows(gradient, factors.reshape(packs));
            return gradient;
        }
        kernels.copy(factors, pass.fakeSlopes());
        return pass.fakeGradientOfSlopes();
    }

    private boolean tooSteep() {
        kernels.loss(pass.fakeLogits(), TOO_STEEP, 1, none, sums, STEEPNESS);
        return kernels.read(sums).get()[STEEPNESS] > 0;
    }

    /// Applies the last [#judge]'s gradient.
    ///
    /// @throws NonFinite if the gradient is not finite; the state must then be restored
    public void learn(long step, RunConfig.Optimiser optimiser) {
        player.update(step, optimiser);
    }

    /// The gradient of G's loss at fresh fakes; D stays as it is.
    ///
    /// @param reals x, not looked at unless D [#needsReals]
    /// @param fakes G(z), to be left as they are until the next call
    /// @return `∂L_G/∂x[batch, features]`; it belongs to D and holds until its next call
    /// @throws NonFinite if the loss is not finite
    public Tensor critique(Batch reals, Batch fakes, Moment moment, RunConfig.Game game) {
        kernels.fill(sums, 0);
        var gradient = fakes.x();
        for (int shard = 0; shard < shards; shard++) {
            gradient = gather(shard, critiqueShard(part(reals, shard), part(fakes, shard), moment, game));
            finite(moment.step(), GENERATOR_LOSS);
        }
        return gradient;
    }

    private Tensor critiqueShard(Batch reals, Batch fakes, Moment moment, RunConfig.Game game) {
        long from = fakes.first() / game.pack();
        if (needsReals()) {
            see(reals, moment, game, true);
            see(fakes, moment, game, false);
            pass.forward(moment, List.of(), from, judged);
            objective.critique(pass.realLogits(), pass.fakeLogits(), judged, pass.fakeSlopes(), sums, GENERATOR_LOSS);
            return view.back(pass.fakeGradientOfSlopes(), fakes.first(), moment);
        }
        pass.label(fakes, false);
        var x = fakes.x();
        if (noise(moment, game) > 0 || !view.plain()) {
            see(fakes, moment, game, false);
            x = pass.fakes();
        }
        var logits = pass.forwardFakes(x, moment, from, judged);
        objective.critique(logits, logits, judged, pass.fakeSlopes(), sums, GENERATOR_LOSS);
        objective.boundedShare(logits, judged, sums, BOUNDED);
        return view.back(pass.fakeGradientAlone(), fakes.first(), moment);
    }

    private Batch part(Batch minibatch, int shard) {
        return shards == 1 ? minibatch : minibatch.rows((long) shard * rows, rows);
    }

    /// A shard's gradient as part of the whole minibatch's.
    private Tensor gather(int shard, Tensor gradient) {
        if (shards == 1) {
            return gradient;
        }
        kernels.copy(gradient, critique.rows((long) shard * rows, rows));
        return critique;
    }

    private void see(Batch samples, Moment moment, RunConfig.Game game, boolean real) {
        pass.label(samples, real);
        view.show(samples, moment, noise(moment, game), real, real ? pass.reals() : pass.fakes());
    }

    private double noise(Moment moment, RunConfig.Game game) {
        return game.instanceNoise().at(moment.step(), batch);
    }

    /// Where the host computes; else [#measured] looks.
    private void finite(long step, int place) {
        if (kernels.onHost()) {
            finite(step, kernels.read(sums).get()[place]);
        }
    }

    private static void finite(long step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new NonFinite(step, "discriminator.logits");
        }
    }

    /// What the last [#judge], with scores, and [#learn] saw.
    ///
    /// @throws NonFinite if it is not finite
    public Map<Metric, Double> measured(long step) {
        double[] values = kernels.read(sums).get();
        finite(step, values[LOSS]);
        var measured = new EnumMap<Metric, Double>(Metric.class);
        measured.put(Metric.LOSS_D, values[LOSS]);
        measured.put(Metric.SCORE_REAL, values[REAL_SCORE]);
        measured.put(Metric.SCORE_FAKE, values[FAKE_SCORE]);
        if (penalised) {
            measured.put(Metric.PENALTY_D, values[PENALTY]);
        }
        player.measured(step, Metric.GRADIENT_NORM_D, Metric.UPDATE_RATIO_D, measured);
        return measured;
    }

    /// What the last critique saw.
    ///
    /// @throws NonFinite if it is not finite
    public Map<Metric, Double> measuredCritique(long step) {
        double[] values = kernels.read(sums).get();
        double loss = values[GENERATOR_LOSS];
        finite(step, loss);
        return objective.formula().unbounded() ? Map.of(Metric.LOSS_G, loss, Metric.BOUNDED_G, values[BOUNDED]) : Map.of(Metric.LOSS_G, loss);
    }

    /// See [Player#lease].
    public Portrait lease(Portrait.Use use) {
        return player.lease(use);
    }

    /// See [Player#probe].
    public void probe() {
        player.probe();
    }

    /// See [Player#look].
    public Optional<LayerFigures> look() {
        return player.look(pass.trace());
    }

    /// D's network on paper.
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

    /// How many numbers D learns.
    public long parameterCount() {
        return player.network().parameterCount();
    }
}
