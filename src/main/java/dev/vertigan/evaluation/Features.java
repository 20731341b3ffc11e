package dev.vertigan.evaluation;

import dev.vertigan.config.Sha256;
import dev.vertigan.data.Dataset;
import dev.vertigan.run.Safetensors;
import dev.vertigan.tensor.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The feature network of a data set: trained once and kept by a hash of the data, or of random weights where the data have no classes.
///
/// @param accuracy share of held-out samples whose class it names; empty if its weights are random
/// @param given what sees images in its place; it still names classes
public record Features(FeatureNetwork network, OptionalDouble accuracy, Optional<FeatureExtractor> given) {

    private static final Logger LOG = LoggerFactory.getLogger(Features.class);
    private static final String ACCURACY = "accuracy";

    /// A network that is being made ready: taken from where it is kept, or trained, in small pieces, so that whoever does it can do
    /// something else in between.
    public static final class Making {

        private static final int PIECE = 4; // updates

        private final Path file;
        private final Dataset test;
        private final FeatureNetwork network;
        private final Optional<FeatureNetwork.Training> training;
        private Optional<Features> made;

        /// @param folder where networks are kept
        /// @param train what it learns from
        /// @param test what its accuracy is measured on
        public Making(Path folder, Dataset train, Dataset test, Kernels kernels) {
            this(folder, train, test, FeatureNetwork.SEEN, kernels);
        }

        Making(Path folder, Dataset train, Dataset test, long seen, Kernels kernels) {
            this.test = test;
            file = folder.resolve(key(train) + ".safetensors");
            network = new FeatureNetwork(train.shape(), train.classes(), kernels);
            made = train.classes() < 2 ? Optional.of(new Features(network, OptionalDouble.empty(), Optional.empty())) : kept(file, network);
            training = made.isPresent() ? Optional.empty() : Optional.of(network.new Training(train, seen));
        }

        /// The network, once it is ready.
        public Optional<Features> made() {
            return made;
        }

        /// The share of its training that is done.
        public double done() {
            return made.isPresent() ? 1 : training.orElseThrow().done();
        }

        /// Does a little more, if it is not ready.
        ///
        /// @param patience asked now and then
        public void more(Patience patience) {
            for (int i = 0; i < PIECE && done() < 1; i++) {
                patience.check();
                training.orElseThrow().update();
            }
            if (made.isEmpty() && done() >= 1) {
                double accuracy = network.accuracy(test, patience);
                keep(file, network, accuracy);
                made = Optional.of(new Features(network, OptionalDouble.of(accuracy), Optional.empty()));
            }
        }

        /// Does all that is left.
        ///
        /// @param progress takes the share done, now and then
        public Features finish(DoubleConsumer progress) {
            while (made.isEmpty()) {
                more(Patience.ENDLESS);
                progress.accept(done());
            }
            return made.get();
        }
    }

    private static Optional<Features> kept(Path file, FeatureNetwork network) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var content = Safetensors.read(file);
            network.restore(content.tensors());
            var accuracy = OptionalDouble.of(Double.parseDouble(content.metadata().getOrDefault(ACCURACY, "NaN")));
            return Optional.of(new Features(network, accuracy, Optional.empty()));
        } catch (Exception e) { // whatever is wrong with it, it can be made again
            LOG.warn("{}: a damaged feature network is trained again: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static void keep(Path file, FeatureNetwork network, double accuracy) {
        try {
            Files.createDirectories(file.getParent());
            Path part = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            Files.deleteIfExists(part);
            Safetensors.write(part, network.weights(), Map.of(ACCURACY, Double.toString(accuracy)));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{}: the feature network cannot be kept and will be trained again: {}", file, e.getMessage());
        }
    }

    private static String key(Dataset train) {
        String described = train.fingerprint().facts() + "\n" + FeatureNetwork.description(train.shape());
        return String.format(Locale.ROOT, "features-%s-%s", train.name(), HexFormat.of().formatHex(Sha256.of(described), 0, 8));
    }

    /// The same, with what sees images in its place.
    public Features with(Optional<FeatureExtractor> extractor) {
        return new Features(network, accuracy, extractor);
    }

    /// What it is, in words.
    public String describe() {
        return given.map(extractor -> extractor.describe() + accuracyInWords()).orElseGet(this::own);
    }

    private String accuracyInWords() {
        return accuracy.isPresent()
                ? String.format(Locale.ROOT, "; classes by a classifier that names %.2f %% of the held-out samples", 100 * accuracy.getAsDouble())
                : "";
    }

    private String own() {
        return accuracy.isPresent()
                ? String.format(Locale.ROOT, "%d features of a classifier that names %.2f %% of the held-out samples", FeatureNetwork.FEATURES,
                        100 * accuracy.getAsDouble())
                : String.format(Locale.ROOT, "%d features of a network of random weights, as the data have no classes", FeatureNetwork.FEATURES);
    }
}
