package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.export.OnnxModel;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Initialiser;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The feature network of the built-in digits, after a short training.
class FeaturesTest {

    private static final long SEEN = 5_000;
    private static final long FEW = 512; // four updates, of which the last has a rate of 0

    @TempDir
    Path folder;

    @TempDir
    Path models;

    private static RunConfig.Data digits(int size) {
        return new ConfigLoader().load("digits", Optional.empty(), List.of(Assignment.parse("data.size=" + size))).data();
    }

    /// Distances are in the features that are given, classes are still named.
    private void given(Dataset train, Dataset test, Features features, float[] collapsed, Kernels kernels) throws IOException {
        var network = new Network(Architecture.parse(List.of("conv 4 5x5 stride 2 pad 2 relu", "output"), Shape.of(28, 28, 1), Shape.of(8)), kernels,
                1, 0);
        new Initialiser.He().fill(network, 1, 0);
        var file = models.resolve("given.onnx");
        OnnxModel.write(file, network, "x", "y", Map.of());
        var extractor = FeatureExtractor.open(file, train.shape(), 1);
        var both = features.with(Optional.of(extractor));
        assertTrue(both.describe().startsWith("8 features of " + file.getFileName()) && both.describe().contains("classes by a classifier"),
                both.describe());

        float[] pixels = new Reals(test).read(0, 200, Patience.ENDLESS);
        var x = kernels.allocate(200, 784);
        x.set(0, pixels.clone(), pixels.length, 1);
        var y = network.trace(200).forward(x, Pass.INFERENCE);
        var rows = extractor.see(pixels);
        for (int i = 0; i < 200 * 8; i++) {
            assertEquals(y.get(i), rows.get(i / 8)[i % 8], 1e-4);
        }

        var evaluation = Evaluation.ofImages(train, Optional.of(test), train, both, 200, Patience.ENDLESS);
        assertTrue(evaluation.real().containsKey(Metric.FRECHET), "200 images are enough for 8 features, and not for 128");
        var tally = evaluation.tallies().get();
        tally.add(Arrays.copyOf(collapsed, 200 * 784));
        assertEquals(1, tally.figures().get(Metric.MODES));
        assertTrue(tally.figures().get(Metric.FRECHET) > 10 * evaluation.real().get(Metric.FRECHET), tally.figures() + " real " + evaluation.real());
    }

    /// Whoever asks for a class and gets the next one has nothing recognised; asked for their own, training images are.
    private static void asked(Evaluation evaluation, Dataset train) {
        var right = evaluation.tallies().get();
        var wrong = evaluation.tallies().get();
        float[] images = new float[784 * 1300];
        int[] labels = new int[1300];
        for (int i = 0; i < labels.length; i++) {
            train.read(i, images, i * 784);
            labels[i] = train.label(i);
        }
        right.add(images, labels);
        wrong.add(images, Arrays.stream(labels).map(label -> (label + 1) % 10).toArray());
        assertFalse(evaluation.tallies().get().figures().containsKey(Metric.AS_ASKED), "no class was asked for");
        var shares = IntStream.range(0, 10).mapToDouble(right.confusion().orElseThrow()::recognised).summaryStatistics();
        assertEquals(shares.getMin(), right.figures().get(Metric.AS_ASKED_LEAST));
        assertTrue(shares.getMin() > 0.5 && right.figures().get(Metric.AS_ASKED) > 0.8, right.figures().toString());
        assertTrue(evaluation.real().get(Metric.AS_ASKED) > 0.8, "held-out images: " + evaluation.real());
        assertEquals(right.figures().get(Metric.ASKED_KL), evaluation.real().get(Metric.ASKED_KL), 1e-12, "these images are all the training images");
        assertTrue(wrong.figures().get(Metric.AS_ASKED) < 0.2, wrong.figures().toString());
        assertTrue(wrong.figures().get(Metric.ASKED_KL) > 10 * right.figures().get(Metric.ASKED_KL), wrong.figures().toString());
        assertEquals(right.figures().get(Metric.CLASS_KL), wrong.figures().get(Metric.CLASS_KL), "whose classes are the same together");
    }

    @Test
    void itIsTrainedOnceAndKept() throws IOException {
        var train = Datasets.open(digits(1300), Progress.NONE);
        var test = Datasets.open(digits(1300), Split.TEST, Progress.NONE);
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 2)) {
            var first = new Features.Making(folder, train, train, SEEN, kernels).finish(_ -> {});
            assertTrue(first.accuracy().orElseThrow() > 0.8, first.describe());
            float[] pixels = new float[784 * 5];
            for (int i = 0; i < 5; i++) {
                test.read(i, pixels, i * 784);
            }
            var kept = new Features.Making(folder, train, train, SEEN, kernels).finish(_ -> {
                throw new AssertionError("it is trained again");
            });
            assertEquals(first.accuracy(), kept.accuracy());
            assertArrayEquals(first.network().see(pixels).features(), kept.network().see(pixels).features());

            var evaluation = Evaluation.ofImages(train, Optional.of(test), train, first, 1300, Patience.ENDLESS);
            var real = evaluation.real();
            assertEquals(10, real.get(Metric.MODES));
            assertTrue(real.get(Metric.CLASS_KL) < 0.05, real.toString());
            var ones = evaluation.tallies().get();
            float[] one = new float[784 * 1300];
            for (int i = 0; i < 1300; i++) {
                System.arraycopy(pixels, 0, one, i * 784, 784);
            }
            ones.add(one);
            var collapsed = ones.figures();
            assertEquals(1, collapsed.get(Metric.MODES));
            assertEquals(Math.log(10), collapsed.get(Metric.CLASS_KL), 0.1);
            assertTrue(collapsed.get(Metric.FRECHET) > 10 * real.get(Metric.FRECHET), collapsed + " real " + real);
            asked(evaluation, train);
            var few = evaluation.tallies().get();
            few.add(pixels);
            assertFalse(few.figures().containsKey(Metric.FRECHET), "five images have no covariance of 128 features");

            given(train, test, first, one, kernels);
        }
    }

    @Test
    void aDamagedOneIsTrainedAgainToTheSame() throws IOException {
        var train = Datasets.open(digits(300), Progress.NONE);
        float[] pixels = new float[784];
        train.read(0, pixels, 0);
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 2)) {
            double[][] first = new Features.Making(folder, train, train, FEW, kernels).finish(_ -> {}).network().see(pixels).features();
            Path file;
            try (var files = Files.list(folder)) {
                file = files.findFirst().orElseThrow();
            }
            Files.write(file, new byte[] {1, 2, 3});
            assertArrayEquals(first, new Features.Making(folder, train, train, FEW, kernels).finish(_ -> {}).network().see(pixels).features());
        }
    }
}
