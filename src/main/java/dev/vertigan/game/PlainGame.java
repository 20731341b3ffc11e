package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Algorithm 1 of Goodfellow et al. 2014 as a plain loop on one thread, without a bus: what the run over the bus must equal bit for bit,
/// and what its cost is measured against.
public final class PlainGame {

    private final RunConfig config;
    private final Minibatches data;
    private final Batch reals;
    private final Generator generator;
    private final Discriminator discriminator;
    private long step;
    private long batches;

    /// @param marginals see [Generator]
    public PlainGame(RunConfig config, Dataset dataset, double[] marginals, Kernels kernels) {
        this.config = config;
        data = new Minibatches(dataset, config.seed(), config.batch(), false);
        reals = data.room(kernels);
        generator = new Generator(config, Shape.of(dataset.shape()), dataset.size(), marginals, kernels);
        discriminator = new Discriminator(config, Shape.of(dataset.shape()), dataset.size(), kernels);
    }

    /// Plays that many turns.
    public void play(long turns) {
        boolean simultaneous = config.game().schedule() == Choice.Schedule.SIMULTANEOUS;
        int k = config.game().discriminatorSteps();
        for (long end = step + turns; step < end;) {
            step++;
            var critique = Optional.<Tensor>empty();
            for (int phase = 0; phase < k; phase++) {
                boolean shared = simultaneous && phase == k - 1;
                data.read(batches++, reals);
                var fakes = generator.generate(shared ? Moment.ofGenerator(step) : new Moment(step, phase), Optional.empty());
                critique = discriminator.judge(reals, fakes, new Moment(step, phase), config.game(), new Discriminator.Wanted(shared, false));
                discriminator.learn(step, config.discriminator().optimiser());
            }
            generator.improve(critique.orElseGet(this::critique), step, config.generator().optimiser(), config.averageDecay(step));
        }
    }

    private Tensor critique() {
        if (discriminator.needsReals()) {
            data.read(batches++, reals);
        }
        var moment = Moment.ofGenerator(step);
        return discriminator.critique(reals, generator.generate(moment, Optional.empty()), moment, config.game());
    }

    /// Both players' state by name, as a checkpoint would hold it; it holds until the next call.
    public SortedMap<String, Tensor> state() {
        var state = new TreeMap<>(generator.capture().tensors());
        state.putAll(discriminator.capture().tensors());
        return state;
    }
}
