package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Locale;

/// Draws samples with weights of its own, so that pictures never hold up a turn. Not thread-safe.
public final class Sampler {

    /// Values in a picture at most: 32×32 pixels in colour ten thousand times.
    public static final long MOST_VALUES = 1 << 25;
    private static final int AT_ONCE = 128; // samples; images between layers take a lot of memory

    private final Network network;
    private final Trace trace;
    private final int features;
    private final Tensor latents; // [count, latent]

    /// A sampler whose every picture is of the run's fixed latents.
    ///
    /// @param sample a sample's shape
    /// @param count samples in a picture
    public static Sampler ofFixedLatents(RunConfig config, Shape sample, int count, Kernels kernels) {
        return new Sampler(config, sample, count, Streams.fixedLatents(config.seed()), kernels);
    }

    private Sampler(RunConfig config, Shape sample, int count, Draw draw, Kernels kernels) {
        network = new Network(Generator.architecture(config, sample), kernels, config.seed(), 0);
        trace = network.trace(Math.min(count, AT_ONCE));
        features = Math.toIntExact(sample.size());
        latents = kernels.allocate(count, config.latent().size());
        Generator.drawOnce(config, draw, latents);
    }

    /// @param weights the moving average of G's weights, flat
    /// @param statistics batch norm's running statistics, flat
    /// @return `[count, features]` as one array
    public float[] draw(Tensor weights, Tensor statistics) {
        network.weights().flat().segment().copyFrom(weights.segment());
        network.statistics().flat().segment().copyFrom(statistics.segment());
        return draw();
    }

    /// Draws with the moving average in a saved state.
    ///
    /// @throws IllegalArgumentException if the state is not one of this generator
    public float[] draw(PlayerState state) {
        network.weights().views().forEach((name, tensor) -> load(state, "generator.ema." + name, tensor));
        network.statistics().views().forEach((name, tensor) -> load(state, "generator." + name, tensor));
        return draw();
    }

    private static void load(PlayerState state, String name, Tensor target) {
        var saved = state.tensors().get(name);
        if (saved == null || saved.size() != target.size()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s: expected %s, found %s", name, target, saved == null ? "none" : saved));
        }
        target.segment().copyFrom(saved.segment());
    }

    private float[] draw() {
        int count = Math.toIntExact(latents.extent(0));
        var values = new float[Math.multiplyExact(count, features)];
        for (int from = 0; from < count; from += AT_ONCE) {
            var samples = trace.forward(latents.rows(from, Math.min(AT_ONCE, count - from)), Pass.INFERENCE);
            for (int i = 0; i < samples.size(); i++) {
                values[from * features + i] = (float) samples.get(i);
            }
        }
        return values;
    }
}
