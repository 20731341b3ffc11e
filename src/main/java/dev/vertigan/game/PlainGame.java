package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Algorithm 1 of Goodfellow et al. 2014 as a plain loop on one thread, without a bus: what the run over the bus must equal bit for bit,
/// what its cost is measured against, and what plays its past again.
public final class PlainGame {

    private RunConfig config; // as it is in the next turn
    private final Minibatches data;
    private final Batch reals;
    private final Generator generator;
    private final Discriminator discriminator;
    private long step;
    private long batches;

    /// @param marginals see [Generator]
    public PlainGame(RunConfig config, Dataset dataset, double[] marginals, Kernels kernels) {
        Classes.check(config, dataset);
        this.config = config;
        data = new Minibatches(dataset, config.seed(), config.batch(), Classes.of(config) > 0);
        reals = data.room(kernels);
        var rules = GameRules.of(config, Shape.of(dataset.shape()), dataset.size());
        generator = new Generator(rules, config.generator(), marginals, kernels);
        discriminator = new Discriminator(rules, config.discriminator(), config.game(), kernels);
    }

    /// Goes on by other live settings.
    public void config(RunConfig now) {
        config = now;
    }

    /// Goes to another place of a run.
    ///
    /// @param toStep turns completed there
    /// @param toBatches minibatches of data used
    /// @throws IllegalArgumentException if the state is not one of these players
    public void seek(long toStep, long toBatches, PlayerState ofGenerator, PlayerState ofDiscriminator) {
        generator.restore(ofGenerator);
        discriminator.restore(ofDiscriminator);
        step = toStep;
        batches = toBatches;
    }

    /// Turns completed.
    public long step() {
        return step;
    }

    /// Minibatches of data used.
    public long batches() {
        return batches;
    }

    /// Plays that many turns.
    public void play(long turns) {
        for (long end = step + turns; step < end;) {
            turn(Optional.empty());
        }
    }

    /// Plays a turn and says what a report of it would.
    public Map<Metric, Double> playMeasured() {
        var measured = new EnumMap<Metric, Double>(Metric.class);
        turn(Optional.of(measured));
        return measured;
    }

    private void turn(Optional<Map<Metric, Double>> measured) {
        boolean simultaneous = config.game().schedule() == Choice.Schedule.SIMULTANEOUS;
        int k = config.game().discriminatorSteps();
        int branch = config.game().branch();
        step++;
        var critique = Optional.<Tensor>empty();
        for (int phase = 0; phase < k; phase++) {
            boolean last = phase == k - 1;
            boolean shared = simultaneous && last;
            data.read(Minibatches.index(branch, batches++), reals);
            var fakes = generator.generate(shared ? Moment.ofGenerator(branch, step) : new Moment(branch, step, phase), reals.labels());
            critique = discriminator.judge(reals, fakes, new Moment(branch, step, phase), config.game(),
                    new Discriminator.Wanted(shared, measured.isPresent() && last));
            discriminator.learn(step, config.discriminator().optimiser());
        }
        measured.ifPresent(into -> into.putAll(discriminator.measured(step)));
        var gradient = critique.orElseGet(this::critique);
        measured.ifPresent(into -> into.putAll(discriminator.measuredCritique(step)));
        generator.improve(gradient, step, config.generator().optimiser(), config.averageDecay(step));
        measured.ifPresent(into -> into.putAll(generator.measured(step)));
    }

    private Tensor critique() {
        if (discriminator.needsReals() || reals.labels().isPresent()) {
            data.read(Minibatches.index(config.game().branch(), batches++), reals);
        }
        var moment = Moment.ofGenerator(config.game().branch(), step);
        return discriminator.critique(reals, generator.generate(moment, reals.labels()), moment, config.game());
    }

    /// G's state; it holds until the next call.
    public PlayerState generator() {
        return generator.capture();
    }

    /// Copies G as [Generator#copy] does.
    public void copyGenerator(boolean averaged, Tensor weights, Tensor statistics) {
        generator.copy(averaged, weights, statistics);
    }

    /// D's state; it holds until the next call.
    public PlayerState discriminator() {
        return discriminator.capture();
    }

    /// What pictures are drawn with; it holds until the next call.
    public Portrait portrait() {
        return generator.portrait(Portrait.Use.PICTURES);
    }

    /// Both players' state by name, as a checkpoint would hold it; it holds until the next call.
    public SortedMap<String, Tensor> state() {
        var state = new TreeMap<>(generator.capture().tensors());
        state.putAll(discriminator.capture().tensors());
        return state;
    }
}
