package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.export.NpyWriter;
import dev.vertigan.export.TinyModel;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the evaluator beside a run measures images in.
class PreparationsTest {

    private static final int IMAGES = 400;

    @TempDir
    Path folder;

    private RunConfig config(String preset, String... more) {
        var assignments = new ArrayList<Assignment>();
        for (String one : more) {
            assignments.add(Assignment.parse(one));
        }
        return new ConfigLoader().load(preset, Optional.empty(), assignments);
    }

    private RunConfig images(String... more) throws IOException {
        var random = new Random(1);
        float[] pixels = new float[IMAGES * 16];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        var file = folder.resolve("images.npy");
        try (var writer = new NpyWriter(file, IMAGES, 4, 4, 1)) {
            writer.write(pixels);
            writer.finish();
        }
        var all = new ArrayList<>(List.of("data.name=array", "data.dir=" + file, "data.extent=4", "data.channels=1"));
        all.addAll(List.of(more));
        return config("digits", all.toArray(String[]::new));
    }

    private Evaluation evaluation(RunConfig config) {
        var data = Datasets.open(config.data(), Progress.NONE);
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            var preparation = Preparations.of(config, () -> data, folder, kernels);
            var evaluation = Optional.<Evaluation>empty();
            while (evaluation.isEmpty()) {
                evaluation = preparation.more(Patience.ENDLESS);
            }
            return evaluation.get();
        }
    }

    /// Two hundred images a side are enough for the covariance of 16 pixels, and not for that of 128 features.
    @Test
    void givenFeaturesStandInForThoseOfOurOwnNetwork() throws IOException {
        var own = evaluation(images());
        assertEquals(IMAGES / 2, own.count());
        assertFalse(own.real().containsKey(Metric.FRECHET), own.real().toString());
        var model = TinyModel.write(folder.resolve("flat.onnx"), "Flatten", "features", 0, 1, 4, 4);
        var given = evaluation(images("evaluation.features=" + model));
        assertTrue(given.real().get(Metric.FRECHET) >= 0, given.real().toString());
        assertFalse(given.real().containsKey(Metric.CLASS_KL), "the images have no classes");
    }

    @Test
    void aRunWhoseFeaturesAreNotThereDoesNotBegin() throws IOException {
        var missing = images("evaluation.features=" + folder.resolve("none.onnx"));
        assertTrue(refusal(missing).contains("none.onnx: expected an ONNX file, found none that can be read"), refusal(missing));
        var points = config("ring", "evaluation.features=x.onnx");
        assertEquals("evaluation.features: expected none, as points are measured as they are, found x.onnx", refusal(points));
    }

    private String refusal(RunConfig config) {
        return assertThrows(UserError.class, () -> evaluation(config)).getMessage();
    }
}
