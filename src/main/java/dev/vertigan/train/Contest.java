package dev.vertigan.train;

import dev.vertigan.bus.StateRequest.Opponents;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Mixture;
import dev.vertigan.evaluation.DiscriminatorTally;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.game.SavedDiscriminator;
import dev.vertigan.nn.Shape;
import dev.vertigan.objective.BestDiscriminator;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Metric;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// How near D is to the best there could be against the G it plays, where the data are a mixture, whose density is known. Not thread-safe.
public final class Contest {

    private static final int SAMPLES = 20_000; // of each kind
    private static final int PIECE = 1024;

    private final RunConfig config;
    private final Mixture mixture;
    private final Sampler generator;
    private final SavedDiscriminator discriminator;

    private Contest(RunConfig config, Mixture mixture, Kernels kernels) {
        this.config = config;
        this.mixture = mixture;
        var sample = Shape.of(mixture.shape());
        generator = Sampler.ofFixedLatents(config, sample, 0, kernels);
        discriminator = new SavedDiscriminator(config, sample, kernels);
    }

    /// Empty if there is nothing to [measure][#measurable].
    public static Optional<Contest> of(RunConfig config, Kernels kernels) {
        return measurable(config) ? Datasets.mixture(config.data()).map(mixture -> new Contest(config, mixture, kernels)) : Optional.empty();
    }

    /// Whether the data are a mixture, D judges single samples and looks at no classes, and densities say what the objective's best D is.
    static boolean measurable(RunConfig config) {
        return SavedDiscriminator.possible(config) && Datasets.mixture(config.data()).isPresent() && Classes.of(config) == 0
                && BestDiscriminator.of(config.game()).filter(BestDiscriminator::smooth).isPresent();
    }

    /// Of both players as they were after `step` turns.
    Map<Metric, Double> figures(long step, Opponents opponents, Patience patience) {
        generator.load(opponents.generator().weights(), opponents.generator().statistics());
        discriminator.load(opponents.discriminator().weights(), opponents.discriminator().statistics());
        return figures(step, opponents.game(), patience);
    }

    /// Of both players in a checkpoint.
    public Map<Metric, Double> figures(PlayerState state) {
        generator.load(state, false);
        discriminator.load(state);
        return figures(state.updates(), config.game(), Patience.ENDLESS);
    }

    /// Both densities are blurred by the noise that D sees all samples through.
    private Map<Metric, Double> figures(long step, RunConfig.Game game, Patience patience) {
        double noise = game.instanceNoise().at(step, config.batch());
        var best = BestDiscriminator.of(game).orElseThrow();
        var modes = mixture.modes();
        var tally = new DiscriminatorTally(modes.centres(), Math.hypot(modes.deviation(), noise), new Best(best));
        var random = new SplittableRandom(config.seed());
        var latents = Latents.drawn(config, config.seed());
        for (int done = 0; done < SAMPLES; done += PIECE) {
            patience.check();
            int count = Math.min(PIECE, SAMPLES - done);
            judge(blurred(reals(done, count), noise, random), true, tally);
            judge(blurred(generator.draw(latents, done, count), noise, random), false, tally);
        }
        if (noise == 0) {
            generator.pushforward().ifPresent(tally::exactly);
        }
        return tally.figures();
    }

    private void judge(float[] samples, boolean real, DiscriminatorTally tally) {
        tally.add(samples, discriminator.logits(samples, _ -> 0), real);
    }

    private float[] reals(int first, int count) {
        float[] reals = new float[count * mixture.features()];
        for (int i = 0; i < count; i++) {
            mixture.read((first + i) % mixture.size(), reals, i * mixture.features());
        }
        return reals;
    }

    private static float[] blurred(float[] samples, double noise, SplittableRandom random) {
        for (int i = 0; noise > 0 && i < samples.length; i++) {
            samples[i] += (float) (noise * random.nextGaussian());
        }
        return samples;
    }

    private record Best(BestDiscriminator of) implements DiscriminatorTally.Best {

        @Override
        public double logit(double data, double generated) {
            return of.logit(data, generated);
        }

        @Override
        public boolean upToConstant() {
            return of.upToConstant();
        }

        @Override
        public double score(double logit) {
            return of.score(logit);
        }

        @Override
        public double loss(double[] data, double... generated) {
            return of.loss(data, generated);
        }
    }
}
