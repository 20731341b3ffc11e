package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.HostRandom;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// G: turns noise into samples and learns only through the gradient at its samples. Not thread-safe.
public final class Generator {

    private static final double MARGINAL_MARGIN = 1e-7; // keeps the logit of a pixel that never changes finite

    private static final float UNIFORM_LIMIT = (float) Math.sqrt(3); // variance 1, as the normal's

    private final RunConfig config;
    private final Kernels kernels;
    private final Player player;
    private final Parameters average; // EMA of the weights
    private final Tensor latents; // [batch, latent]
    private final Portrait portrait;

    /// @param sample a sample's shape
    /// @param epochSize samples in an epoch
    /// @param marginals each feature's mean over the data, `[features]`; used if the config initialises the output bias from it, else empty
    public Generator(RunConfig config, Shape sample, long epochSize, double[] marginals, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        var network = Player.network(config, config.generator(), architecture(config, sample), kernels, config.batch(),
                Streams.GENERATOR_WEIGHTS, Streams.GENERATOR_DROPOUT);
        if (config.generator().init().outputBias() == Choice.OutputBias.DATA_MARGINALS) {
            biasFromMarginals(network, marginals);
        }
        player = new Player("generator", network, config.generator(),
                new LearningSchedule(config.generator().optimiser(), (double) epochSize / config.batch()), kernels);
        average = network.weights().alike(kernels);
        average.flat().segment().copyFrom(network.weights().flat().segment());
        player.keep("ema.", average, kernels);
        latents = kernels.allocate(config.batch(), config.latent().size());
        portrait = new Portrait(average.alike(kernels), network.statistics().alike(kernels));
    }

    /// G on paper.
    ///
    /// @throws Architecture.Unfit if the layers do not fit
    public static Architecture architecture(RunConfig config, Shape sample) {
        return Architecture.parse(config.generator().layers(), Shape.of(config.latent().size()), sample);
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

    /// A minibatch of fakes G(z), `[batch, features]`; it belongs to G and holds until the next call.
    public Tensor generate(Moment moment) {
        draw(config, kernels, Streams.latents(config.seed(), moment), latents);
        return player.network().forward(latents, new Pass(true, moment.phase() == Moment.GENERATOR_PHASE, moment.step(), moment.phase()));
    }

    private static void draw(RunConfig config, Kernels kernels, Draw draw, Tensor latents) {
        if (uniform(config)) {
            kernels.uniform(latents, -UNIFORM_LIMIT, UNIFORM_LIMIT, draw);
        } else {
            kernels.normal(latents, draw);
        }
    }

    /// Fills latents that are drawn once in a process, `[n, latent]`.
    static void drawOnce(RunConfig config, Draw draw, Tensor latents) {
        if (uniform(config)) {
            HostRandom.uniform(latents, -UNIFORM_LIMIT, UNIFORM_LIMIT, draw);
        } else {
            HostRandom.normal(latents, draw);
        }
    }

    private static boolean uniform(RunConfig config) {
        return config.latent().distribution() == Choice.Distribution.UNIFORM;
    }

    /// G's update from the gradient of its loss at the fakes of the last [#generate].
    ///
    /// @param sampleGradient `∂L_G/∂x[batch, features]`, overwritten
    /// @throws NonFinite if a gradient is not finite
    public UpdateNorms improve(Tensor sampleGradient, long step, double rate) {
        player.network().backward(sampleGradient, true, false);
        var norms = player.update(step, rate);
        kernels.movingAverage(average.flat(), player.network().weights().flat(), averageDecay(player.updates()));
        return norms;
    }

    /// Short at first, so that early pictures are not of the first weights.
    private float averageDecay(long t) {
        return (float) Math.min(config.emaDecay(), (1.0 + t) / (10 + t));
    }

    /// A copy of what pictures are drawn with. There is one such copy: it holds until the next call.
    public Portrait portrait() {
        portrait.weights().flat().segment().copyFrom(average.flat().segment());
        portrait.statistics().flat().segment().copyFrom(player.network().statistics().flat().segment());
        return portrait;
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
