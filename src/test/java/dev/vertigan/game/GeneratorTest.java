package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratorTest {

    @Test
    void anEarlierVersionsStateHasNoAverageOfStatisticsWhichThenBeginsAsTheyAre() {
        var config = new ConfigLoader().load("digits", Optional.empty(), List.of("latent.size=2", "batch=3", "generator.optimiser.rate=0.1",
                "generator.layers=dense 4, batch-norm leaky-relu, output sigmoid").stream().map(Assignment::parse).toList());
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var generator = new Generator(GameRules.of(config, Shape.of(2, 2, 1), 100), config.generator(), new double[0], kernels);
            for (int step = 1; step < 4; step++) {
                var fakes = generator.generate(Moment.ofGenerator(0, step), Optional.empty()).x();
                generator.improve(fakes, step, config.generator().optimiser(), 0.9);
            }
            var saved = generator.capture();
            assertNotEquals(saved.tensors().get("generator.1.running_mean").get(0), saved.tensors().get("generator.ema.1.running_mean").get(0));
            var earlier = new TreeMap<>(saved.tensors());
            earlier.keySet().removeIf(name -> name.contains(".ema.") && name.contains(".running_"));
            generator.restore(new PlayerState(saved.updates(), earlier));
            var restored = generator.capture().tensors();
            for (var kind : List.of("mean", "variance")) {
                for (int i = 0; i < 4; i++) {
                    assertEquals(restored.get("generator.1.running_" + kind).get(i), restored.get("generator.ema.1.running_" + kind).get(i), 0);
                }
            }
        }
    }

    /// The mean of each pixel's channel is 0.8, 0.5 and 0.2.
    @ParameterizedTest
    @CsvSource({"output sigmoid,0,0.9", "output sigmoid,3,0.7", "output conv 1x1 sigmoid,0,0.8", "output conv 1x1 sigmoid,4,0.5",
        "output deconv 3x3 sigmoid,5,0.2"})
    void itsFirstSamplesAreTheDatasMeanWhereItsWeightsAreZero(String output, int place, double mean) {
        double[] marginals = {0.9, 0.5, 0.1, 0.7, 0.5, 0.3};
        var config = new ConfigLoader().load("digits", Optional.empty(), List.of("latent.size=2", "generator.init.outputBias=data-marginals",
                "generator.init.weights=uniform", "generator.init.range=1e-12", "generator.layers=dense 2, reshape 1x2x1, " + output)
                .stream().map(Assignment::parse).toList());
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var generator = new Generator(GameRules.of(config, Shape.of(1, 2, 3), 100), config.generator(), marginals, kernels);
            assertEquals(mean, generator.generate(new Moment(1, 0), Optional.empty()).x().get(place), 1e-9);
        }
    }
}
