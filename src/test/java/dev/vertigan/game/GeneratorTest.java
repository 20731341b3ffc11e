package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Nd4jKernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class GeneratorTest {

    /// The mean of each pixel's channel is 0.8, 0.5 and 0.2.
    @ParameterizedTest
    @CsvSource({"output sigmoid,0,0.9", "output sigmoid,3,0.7", "output conv 1x1 sigmoid,0,0.8", "output conv 1x1 sigmoid,4,0.5",
        "output deconv 3x3 sigmoid,5,0.2"})
    void itsFirstSamplesAreTheDatasMeanWhereItsWeightsAreZero(String output, int place, double mean) {
        double[] marginals = {0.9, 0.5, 0.1, 0.7, 0.5, 0.3};
        var config = new ConfigLoader().load("digits", Optional.empty(), List.of("latent.size=2", "generator.init.outputBias=data-marginals",
                "generator.init.weights=uniform", "generator.init.range=1e-12", "generator.layers=dense 2, reshape 1x2x1, " + output)
                .stream().map(Assignment::parse).toList());
        try (var kernels = new Nd4jKernels(DataType.DOUBLE, 1)) {
            var generator = new Generator(config, Shape.of(1, 2, 3), 100, marginals, kernels);
            assertEquals(mean, generator.generate(new Moment(1, 0), true).get(place), 1e-9);
        }
    }

    private static final Moment OF_D = new Moment(1, 0);
    private static final Moment OF_G = Moment.ofGenerator(1);

    private static Generator generator(Kernels kernels, String... settings) {
        var config = new ConfigLoader().load("digits", Optional.empty(), Stream.concat(
                Stream.of("batch=5", "latent.size=3", "generator.layers=dense 4 tanh, maxout 3x2, output sigmoid"), Stream.of(settings))
                .map(Assignment::parse).toList());
        return new Generator(config, Shape.of(6), 100, new double[0], kernels);
    }

    private static void assertSame(Tensor expected, Tensor found) {
        assertArrayEquals(expected.shape(), found.shape());
        for (long i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), found.get(i), 1e-12);
        }
    }

    @Test
    void fakesMadeInOnePassAreThoseOfAPassEachAndTeachTheSame() {
        try (var kernels = new Nd4jKernels(DataType.DOUBLE, 1)) {
            var each = generator(kernels);
            var together = generator(kernels);
            var gradient = kernels.allocate(5, 6);
            kernels.normal(gradient, new Draw(1, 2, 3));

            assertSame(each.generate(OF_D, false).copy(), together.generate(OF_D, true));
            assertSame(each.generate(OF_G, true), together.generate(OF_G, true));
            each.improve(gradient.copy(), 1, 0.1);
            together.improve(gradient.copy(), 1, 0.1);
            var expected = each.capture().tensors();
            together.capture().tensors().forEach((name, tensor) -> assertSame(expected.get(name), tensor));
        }
    }

    @Test
    void fakesMadeAheadAreForgottenWithTheWeightsThatMadeThem() {
        try (var kernels = new Nd4jKernels(DataType.DOUBLE, 1)) {
            var other = generator(kernels, "seed=2");
            var generator = generator(kernels);
            generator.generate(OF_D, true);
            generator.restore(other.capture());
            var expected = generator(kernels);
            expected.restore(other.capture());
            assertSame(expected.generate(OF_G, true), generator.generate(OF_G, true));
        }
    }

    /// Batch norm's statistics are those of one minibatch.
    @Test
    void layersThatLookAcrossSamplesGetAPassEach() {
        try (var kernels = new Nd4jKernels(DataType.DOUBLE, 1)) {
            var layers = "generator.layers=dense 4, batch-norm relu, output sigmoid";
            var each = generator(kernels, layers);
            var asked = generator(kernels, layers);
            assertSame(each.generate(OF_D, false).copy(), asked.generate(OF_D, true));
            assertSame(each.generate(OF_G, true), asked.generate(OF_G, true));
        }
    }
}
