package dev.vertigan.train;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.data.Form;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.FeatureExtractor;
import dev.vertigan.evaluation.Features;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.tensor.Kernels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// What the evaluator needs of the data, by kind.
final class Preparations {

    private static final int IMAGES = 2_000; // in an evaluation while the run goes on

    private Preparations() {}

    /// @param data as they are now
    /// @throws UserError if the features that the configuration names are not to be had
    static EvaluatorVerticle.Preparation of(RunConfig config, Supplier<Dataset> data, Path cache, Kernels kernels) {
        var form = Form.of(data.get());
        var given = FeatureExtractor.of(config.evaluation(), form.shape(), 1);
        return form.image() ? new OfImages(config.data(), data, cache, given, kernels) : new OfPoints(data);
    }

    private static final class OfPoints implements EvaluatorVerticle.Preparation {

        private final Supplier<Dataset> data;
        private Optional<Dataset> prepared = Optional.empty();
        private Optional<Evaluation> evaluation = Optional.empty();

        OfPoints(Supplier<Dataset> data) {
            this.data = data;
        }

        @Override
        public Optional<Evaluation> more(Patience patience) {
            var now = data.get();
            if (now.size() > 0 && !prepared.equals(Optional.of(now))) {
                prepared = Optional.of(now);
                evaluation = Optional.of(Evaluation.ofPoints(now, Datasets.mixture(now), Evaluation.usual(Form.of(now), false)));
            }
            return evaluation;
        }

        @Override
        public double done() {
            return evaluation.isPresent() ? 1 : 0;
        }
    }

    private static final class OfImages implements EvaluatorVerticle.Preparation {

        private final RunConfig.Data config;
        private final Supplier<Dataset> data;
        private final Path cache;
        private final Optional<FeatureExtractor> given;
        private final Kernels kernels;
        private Optional<Dataset> named = Optional.empty(); // whose classes the network names
        private Optional<Features.Making> making = Optional.empty();
        private Optional<Evaluation> evaluation = Optional.empty();

        OfImages(RunConfig.Data config, Supplier<Dataset> data, Path cache, Optional<FeatureExtractor> given, Kernels kernels) {
            this.config = config;
            this.data = data;
            this.cache = cache;
            this.given = given;
            this.kernels = kernels;
        }

        @Override
        public Optional<Evaluation> more(Patience patience) {
            if (evaluation.isPresent()) {
                return evaluation;
            }
            var now = data.get();
            if (now.size() < 2) { // a stream that has hardly begun
                return Optional.empty();
            }
            if (making.isEmpty()) {
                boolean stacked = config.name() == Choice.DataSet.STACKED_MNIST;
                var naming = stacked ? patience.apart(() -> Datasets.named(config, Split.TRAIN, Progress.ONLY_LOCAL)) : now;
                var held = patience.apart(() -> test(stacked));
                named = Optional.of(naming);
                making = Optional.of(new Features.Making(cache, naming, held.orElse(naming), kernels));
                return Optional.empty();
            }
            making.get().more(patience);
            evaluation = making.get().made()
                    .map(features -> Evaluation.ofImages(now, patience.apart(() -> test(false)), named.orElse(now), features.with(given), IMAGES,
                            patience));
            return evaluation;
        }

        private Optional<Dataset> test(boolean stacked) {
            try {
                return Optional.of(stacked ? Datasets.named(config, Split.TEST, Progress.ONLY_LOCAL)
                        : Datasets.open(config, Split.TEST, Progress.ONLY_LOCAL));
            } catch (UserError e) {
                return Optional.empty(); // nothing is held out, or it is not on the disk
            }
        }

        @Override
        public double done() {
            return making.map(Features.Making::done).orElse(0.0);
        }
    }
}
