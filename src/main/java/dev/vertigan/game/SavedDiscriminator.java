package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// D as a saved state has it: it judges, without dropout and with batch norm's running statistics, and learns nothing. Not thread-safe.
public final class SavedDiscriminator {

    private static final int AT_ONCE = 64; // samples; images between layers take a lot of memory

    private final Kernels kernels;
    private final Network network;
    private final Trace trace;
    private final int features;
    private final Tensor seen; // [AT_ONCE, features]
    private final Tensor labels; // [AT_ONCE]
    private final Optional<Tensor> classes; // [AT_ONCE, classes], one-hot; none if D does not look

    /// @param sample a sample's shape
    /// @throws IllegalArgumentException if the state is not one of this discriminator
    public SavedDiscriminator(RunConfig config, Shape sample, PlayerState state, Kernels kernels) {
        this(config, sample, kernels);
        load(state);
    }

    /// Whether D judges samples one by one, as it does here.
    public static boolean possible(RunConfig config) {
        return config.game().pack() == 1;
    }

    /// One that has yet to load what it judges with.
    ///
    /// @throws UserError if it is not [possible][#possible]
    public SavedDiscriminator(RunConfig config, Shape sample, Kernels kernels) {
        if (!possible(config)) {
            throw new UserError("game.pack: expected 1, as samples are judged one by one here, found " + config.game().pack());
        }
        network = new Network(Discriminator.architecture(config, sample), kernels, config.seed(), 0);
        trace = network.trace(AT_ONCE);
        features = Math.toIntExact(sample.size());
        seen = kernels.allocate(AT_ONCE, features);
        labels = kernels.allocate(AT_ONCE);
        int known = network.architecture().classes();
        classes = known == 0 ? Optional.empty() : Optional.of(kernels.allocate(AT_ONCE, known));
        this.kernels = kernels;
    }

    /// Takes the weights and statistics of a saved state.
    ///
    /// @throws IllegalArgumentException if the state is not one of this discriminator
    public void load(PlayerState state) {
        network.weights().views().forEach((name, tensor) -> load(state, name, tensor));
        network.statistics().views().forEach((name, tensor) -> load(state, name, tensor));
    }

    /// Takes weights and statistics, flat.
    public void load(Tensor weights, Tensor statistics) {
        network.weights().flat().segment().copyFrom(weights.segment());
        network.statistics().flat().segment().copyFrom(statistics.segment());
    }

    private static void load(PlayerState state, String name, Tensor target) {
        var saved = state.tensor("discriminator." + name).orElse(null);
        if (saved == null || saved.size() != target.size()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "discriminator.%s: expected %s, found %s", name, target, saved == null ? "none" : saved));
        }
        target.segment().copyFrom(saved.segment());
    }

    /// D itself; not to be changed.
    public Network network() {
        return network;
    }

    /// @param samples `[count, features]`, scaled as those that it was trained on
    /// @param classOf each sample's class; not asked where D looks at none
    /// @return a logit each
    public float[] logits(float[] samples, IntUnaryOperator classOf) {
        int count = samples.length / features;
        var logits = new float[count];
        for (int done = 0; done < count; done += AT_ONCE) {
            for (int i = 0; i < AT_ONCE * features; i++) { // what is left of the last pass is filled with the first samples again
                seen.set(i, samples[(done * features + i) % samples.length]);
            }
            label(done, count, classOf);
            var judged = trace.forward(seen, Pass.INFERENCE.of(classes));
            for (int i = done; i < Math.min(done + AT_ONCE, count); i++) {
                logits[i] = (float) judged.get(i - done);
            }
        }
        return logits;
    }

    private void label(int first, int count, IntUnaryOperator classOf) {
        classes.ifPresent(oneHot -> {
            for (int i = 0; i < AT_ONCE; i++) {
                labels.set(i, classOf.applyAsInt((first + i) % count));
            }
            kernels.oneHot(labels, oneHot);
        });
    }
}
