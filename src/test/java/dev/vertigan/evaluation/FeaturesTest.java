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
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The feature network of the built-in digits, after a short training.
class FeaturesTest {

    private static final long SEEN = 5_000;

    @TempDir
    Path folder;

    private static RunConfig.Data digits() {
        return new ConfigLoader().load("digits", Optional.empty(), List.of(Assignment.parse("data.size=1300"))).data();
    }

    @Test
    void itIsTrainedOnceAndKept() throws IOException {
        var train = Datasets.open(digits(), Progress.NONE);
        var test = Datasets.open(digits(), Split.TEST, Progress.NONE);
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
            var few = evaluation.tallies().get();
            few.add(pixels);
            assertFalse(few.figures().containsKey(Metric.FRECHET), "five images have no covariance of 128 features");

            Path file;
            try (var files = Files.list(folder)) {
                file = files.findFirst().orElseThrow();
            }
            Files.write(file, new byte[] {1, 2, 3});
            var again = new Features.Making(folder, train, train, SEEN, kernels).finish(_ -> {});
            assertEquals(first.accuracy(), again.accuracy(), "a damaged one is trained again, to the same");
        }
    }
}
