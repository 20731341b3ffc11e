package dev.vertigan.cli;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Form;
import dev.vertigan.data.Pushforward;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.FeatureExtractor;
import dev.vertigan.evaluation.Features;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.evaluation.Tally;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Sampler;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Metric;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// How samples of one data set are measured by the commands: with the network that sees images, which is trained the first time.
final class Measuring {

    private static final int AT_ONCE = 1024;

    private final RunConfig.Data data;
    private final UnaryOperator<Dataset> trained;
    private final Form form;
    private final Console console;
    private final Optional<Features> features;

    /// Where samples come from.
    interface Source {

        /// @return samples [first, first + count) as the generator makes them, `[count, features]`
        float[] draw(long first, int count);

        /// @return the classes that these are asked for, `[count]`; none if none are
        default int[] asked(long first, int count) {
            return new int[0];
        }

        /// Their distribution, if it is known.
        default Optional<Pushforward> exactly() {
            return Optional.empty();
        }

        /// The same with pixels in [0, 1].
        static Source inUnits(Source source, Form form) {
            return new Source() {

                @Override
                public float[] draw(long first, int count) {
                    float[] samples = source.draw(first, count);
                    form.toUnit(samples);
                    return samples;
                }

                @Override
                public int[] asked(long first, int count) {
                    return source.asked(first, count);
                }

                @Override
                public Optional<Pushforward> exactly() {
                    return source.exactly();
                }
            };
        }

        /// Samples of a generator.
        ///
        /// @param from the latent of the first
        static Source of(Sampler sampler, Latents latents, long from) {
            return new Source() {

                @Override
                public float[] draw(long first, int count) {
                    return sampler.draw(latents, from + first, count);
                }

                @Override
                public int[] asked(long first, int count) {
                    return sampler.asked(from + first, count);
                }

                @Override
                public Optional<Pushforward> exactly() {
                    return sampler.pushforward();
                }
            };
        }
    }

    /// @throws UserError if the data are missing, or the features that the configuration names are
    Measuring(RunConfig config, Kernels kernels, Console console) {
        this(config, set -> set, kernels, console);
    }

    /// @param trained from the data set to what of it a run was trained on, if that changes while it is
    /// @throws UserError if the data are missing
    Measuring(RunConfig config, UnaryOperator<Dataset> trained, Kernels kernels, Console console) {
        data = config.data();
        this.trained = trained;
        this.console = console;
        form = Form.of(data);
        var given = FeatureExtractor.of(config.evaluation(), form.shape(), config.compute().threads());
        features = form.image() ? Optional.of(network(kernels, given)) : Optional.empty();
    }

    private Features network(Kernels kernels, Optional<FeatureExtractor> given) {
        var named = trained.apply(Datasets.named(data, Split.TRAIN, new DownloadLine(console)));
        var making = new Features.Making(Datasets.cache(System.getenv()).resolve("features"), named, test(true).orElse(named), kernels);
        return making.finish(done -> console.live(String.format(Locale.ROOT, "training a classifier, once for these data: %.0f %%", 100 * done)))
                .with(given);
    }

    /// What is held out, if anything is.
    private Optional<Dataset> test(boolean named) {
        try {
            return Optional.of(named ? Datasets.named(data, Split.TEST, new DownloadLine(console))
                    : Datasets.open(data, Split.TEST, new DownloadLine(console)));
        } catch (UserError e) {
            if (Set.of(Choice.DataSet.IMAGES, Choice.DataSet.ARRAY, Choice.DataSet.TABLE, Choice.DataSet.STREAM).contains(data.name())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// The network that images are seen with; points need none.
    Optional<Features> features() {
        return features;
    }

    /// What is measured of that many samples; empty: of as many as are usual for such data.
    Evaluation evaluation(Optional<Integer> count) {
        int samples = count.orElseGet(() -> Evaluation.usual(form, data.name() == Choice.DataSet.STACKED_MNIST));
        var train = trained.apply(Datasets.open(data, new DownloadLine(console)));
        return features
                .map(network -> Evaluation.ofImages(train, test(false),
                        trained.apply(Datasets.named(data, Split.TRAIN, new DownloadLine(console))), network, samples, Patience.ENDLESS))
                .orElseGet(() -> Evaluation.ofPoints(train, Datasets.mixture(train), samples));
    }

    /// As many samples as the evaluation wants.
    Tally tally(Evaluation evaluation, Source source) {
        var tally = evaluation.tallies().get();
        for (int done = 0; done < evaluation.count(); done += AT_ONCE) {
            int some = Math.min(AT_ONCE, evaluation.count() - done);
            float[] samples = source.draw(done, some);
            form.toUnit(samples);
            tally.add(samples, source.asked(done, some));
        }
        source.exactly().ifPresent(tally::exactly);
        return tally;
    }

    /// Their figures.
    Map<Metric, Double> measure(Evaluation evaluation, Source source) {
        return tally(evaluation, source).figures();
    }
}
