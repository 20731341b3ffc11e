package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.nn.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerTest {

    @Test
    void manySamplesBeginWithThoseOfFew() {
        var config = new ConfigLoader().load("digits", Optional.empty(), List.of(Assignment.parse("latent.size=5"),
                Assignment.parse("generator.layers=dense 12, reshape 2x2x3, batch-norm relu, output deconv 4x4 stride 2 tanh")));
        var sample = Shape.of(4, 4, 1);
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 2)) {
            var portrait = new Generator(GameRules.of(config, sample, 100), config.generator(), new double[0], kernels)
                    .portrait(Portrait.Use.PICTURES);
            var few = Sampler.ofFixedLatents(config, sample, 100, kernels).draw(portrait.weights().flat(), portrait.statistics().flat());
            var many = Sampler.ofFixedLatents(config, sample, 300, kernels).draw(portrait.weights().flat(), portrait.statistics().flat());
            assertEquals(300 * 16, many.length);
            assertArrayEquals(few, Arrays.copyOf(many, few.length), "to the last bit");
            assertEquals(300, Arrays.stream(split(many)).map(Arrays::hashCode).distinct().count(), "each is one of its own");
        }
    }

    /// Latents are the same for every class, so only the class tells samples apart.
    @Test
    void eachSampleIsOfTheClassAskedFor() {
        var config = new ConfigLoader().load("digits", Optional.empty(), List.of(Assignment.parse("latent.size=5"),
                Assignment.parse("generator.layers=dense 12 classes 3, batch-norm classes 3 relu, output")));
        var sample = Shape.of(4, 4, 1);
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 2)) {
            var portrait = new Generator(GameRules.of(config, sample, 100), config.generator(), new double[0], kernels)
                    .portrait(Portrait.Use.PICTURES);
            var sampler = Sampler.ofFixedLatents(config, sample, 7, kernels);
            var inTurn = split(draw(sampler, portrait));
            for (int only = 0; only < 3; only++) {
                sampler.only(only);
                var alike = split(draw(sampler, portrait));
                for (int i = 0; i < 7; i++) {
                    assertEquals(i % 3 == only, Arrays.equals(inTurn[i], alike[i]), "sample " + i + " as class " + only);
                }
            }
        }
    }

    /// As the samples are distributed that it draws, to within their number.
    @ParameterizedTest
    @EnumSource(Choice.Distribution.class)
    void theDistributionIsThatOfSamples(Choice.Distribution distribution) {
        var config = new ConfigLoader().load("gaussian", Optional.empty(), List.of(Assignment.parse("latent.size=1"),
                Assignment.parse("latent.distribution=" + distribution.written()),
                Assignment.parse("generator.layers=dense 8 tanh, dense 8 leaky-relu 0.1, output")));
        var sample = Shape.of(1);
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 2)) {
            var portrait = new Generator(GameRules.of(config, sample, 100), config.generator(), new double[0], kernels)
                    .portrait(Portrait.Use.PICTURES);
            int n = 20_000;
            var sampler = Sampler.ofFixedLatents(config, sample, n, kernels);
            float[] samples = draw(sampler, portrait);
            float[] sorted = samples.clone();
            Arrays.sort(sorted);
            double[] edges = {sorted[n / 10], sorted[n / 2], sorted[n - n / 10]};
            assertArrayEquals(new double[] {0.1, 0.4, 0.4, 0.1}, sampler.pushforward().orElseThrow().probabilities(edges), 5 * 0.5 / Math.sqrt(n));
        }
    }

    private static float[] draw(Sampler sampler, Portrait portrait) {
        return sampler.draw(portrait.weights().flat(), portrait.statistics().flat());
    }

    private static float[][] split(float[] samples) {
        var split = new float[samples.length / 16][];
        Arrays.setAll(split, i -> Arrays.copyOfRange(samples, i * 16, i * 16 + 16));
        return split;
    }
}
