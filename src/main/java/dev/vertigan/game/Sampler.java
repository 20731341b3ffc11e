package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Pushforward;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/// Draws samples with weights of its own, so that pictures never hold up a turn. Not thread-safe.
public final class Sampler {

    /// Values in a picture at most: 32×32 pixels in colour ten thousand times.
    public static final long MOST_VALUES = 1 << 25;

    // Samples in a pass, always as many: then a sample has the same bits whichever others are drawn. Images between layers take a lot of memory.
    private static final int AT_ONCE = 64;

    private final Kernels kernels;
    private final Network network;
    private final Trace trace;
    private final RunConfig.Latent latent;
    private final int features;
    private final int count;
    private final Latents fixed;
    private final Tensor latents; // [AT_ONCE, latent]
    private final Tensor labels; // [AT_ONCE]
    private final Optional<Tensor> classes; // [AT_ONCE, classes], one-hot; none if G does not look
    private LongUnaryOperator classOf; // of the sample of each latent

    /// A sampler whose every picture is of the run's fixed latents. Where G looks at classes, each has its turn: number i is of class i mod K.
    ///
    /// @param sample a sample's shape
    /// @param count samples in a picture
    public static Sampler ofFixedLatents(RunConfig config, Shape sample, int count, Kernels kernels) {
        return new Sampler(config, sample, count, kernels);
    }

    private Sampler(RunConfig config, Shape sample, int count, Kernels kernels) {
        this.kernels = kernels;
        network = new Network(Generator.architecture(config, sample), kernels, config.seed(), 0);
        trace = network.trace(AT_ONCE);
        latent = config.latent();
        features = Math.toIntExact(sample.size());
        this.count = count;
        fixed = Latents.drawn(config, config.seed());
        latents = kernels.allocate(AT_ONCE, config.latent().size());
        labels = kernels.allocate(AT_ONCE);
        int known = network.architecture().classes();
        classes = known == 0 ? Optional.empty() : Optional.of(kernels.allocate(AT_ONCE, known));
        classOf = i -> i % known;
    }

    /// Draws samples of that class alone from now on.
    ///
    /// @param wanted in [0, K)
    public void only(int wanted) {
        classOf = _ -> wanted;
    }

    /// @param weights the moving average of G's weights, flat
    /// @param statistics the moving average of batch norm's running statistics, flat
    /// @return `[count, features]` as one array
    public float[] draw(Tensor weights, Tensor statistics) {
        load(weights, statistics);
        return draw(fixed, 0, count);
    }

    /// G, with the weights that it took; not to be changed.
    public Network network() {
        return network;
    }

    /// Takes weights and statistics, flat, for [#draw(Latents, long, int)].
    public void load(Tensor weights, Tensor statistics) {
        network.weights().flat().segment().copyFrom(weights.segment());
        network.statistics().flat().segment().copyFrom(statistics.segment());
    }

    /// Room for weights and statistics to be taken.
    public Portrait room() {
        return new Portrait(network.weights().alike(kernels), network.statistics().alike(kernels));
    }

    /// Takes the weights of a saved state, for [#draw(Latents, long, int)].
    ///
    /// @param averaged whether their moving average, else themselves
    /// @throws IllegalArgumentException if the state is not one of this generator
    public void load(PlayerState state, boolean averaged) {
        network.weights().views().forEach((name, tensor) -> load(state, (averaged ? "generator.ema." : "generator.") + name, tensor));
        network.statistics().views().forEach((name, tensor) -> load(state, (averaged ? "generator.ema." : "generator.") + name, tensor));
    }

    private static void load(PlayerState state, String name, Tensor target) {
        var saved = state.tensor(name).orElse(null);
        if (saved == null || saved.size() != target.size()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s: expected %s, found %s", name, target, saved == null ? "none" : saved));
        }
        target.segment().copyFrom(saved.segment());
    }

    /// @return G of rows [first, first + count) of latents, `[count, features]` as one array
    public float[] draw(Latents rows, long first, int count) {
        var values = new float[Math.multiplyExact(count, features)];
        for (int done = 0; done < count; done += AT_ONCE) {
            rows.fill(latents, first + done);
            label(first + done);
            copy(trace.forward(latents, Pass.INFERENCE.of(classes)), values, done * features, Math.min(AT_ONCE, count - done) * features);
        }
        return values;
    }

    /// The distribution of samples, exactly: known where latents and samples have one number each, and G does not look at classes.
    public Optional<Pushforward> pushforward() {
        return features == 1 && classes.isEmpty() ? Pushforward.of(latent, z -> draw(Latents.of(z), 0, z.length)) : Optional.empty();
    }

    /// The classes of samples [first, first + count), `[count]`; none if G does not look at classes.
    public int[] asked(long first, int count) {
        return classes.isEmpty() ? new int[0]
                : LongStream.range(first, first + count).mapToInt(i -> Math.toIntExact(classOf.applyAsLong(i))).toArray();
    }

    private void label(long first) {
        classes.ifPresent(all -> {
            int[] asked = asked(first, AT_ONCE);
            for (int i = 0; i < AT_ONCE; i++) {
                labels.set(i, asked[i]);
            }
            kernels.oneHot(labels, all);
        });
    }

    private static void copy(Tensor from, float[] to, int offset, int count) {
        if (from.type() == ElementType.FLOAT32) {
            MemorySegment.copy(from.segment(), ValueLayout.JAVA_FLOAT, 0, to, offset, count);
        } else {
            for (int i = 0; i < count; i++) {
                to[offset + i] = (float) from.get(i);
            }
        }
    }
}
