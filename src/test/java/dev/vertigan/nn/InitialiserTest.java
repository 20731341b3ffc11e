package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.ReferenceKernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitialiserTest {

    private static final int CHANNELS = 48;

    private static final Kernels kernels = new ReferenceKernels();

    @AfterAll
    static void close() {
        kernels.close();
    }

    private static Network network(Initialiser initialiser, Shape in, Shape out, String... lines) {
        var network = new Network(Architecture.parse(List.of(lines), in, out), kernels, 1, 3);
        initialiser.fill(network, 11, 1);
        return network;
    }

    private static Tensor normal(long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.normal(tensor, new Draw(17, 1, 0));
        return tensor;
    }

    private static double meanSquare(Tensor tensor) {
        return LongStream.range(0, tensor.size()).mapToDouble(tensor::get).map(x -> x * x).average().orElseThrow();
    }

    /// Where no border is near: it has less to add up.
    @ParameterizedTest
    @CsvSource({"output,4", "output conv 3x3 pad 0,4", "output conv 4x4 stride 2 pad 0,2", "output deconv 4x4 stride 2 pad 3,8",
        "output deconv 6x6 stride 3 pad 6,9", "output deconv 3x3 pad 2,4"})
    void hesWeightsKeepTheSizeOfValues(String line, int side) {
        var in = Shape.of(6, 6, CHANNELS);
        var y = network(new Initialiser.He(), in, Shape.of(side, side, CHANNELS), line).trace(8).forward(normal(8, in.size()), Pass.INFERENCE);
        assertEquals(1, meanSquare(y), 0.1);
    }

    @Test
    void theDeviationIsTheOneAskedFor() {
        var weight = network(new Initialiser.Normal(0.02), Shape.of(6, 6, CHANNELS), Shape.of(1), "conv 64 3x3", "output").weights().view("0.weight");
        assertEquals(0.02, Math.sqrt(meanSquare(weight)), 5e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv 5 3x3 leaky-relu; conv 2 3x3 leaky-relu", "conv 2 3x3; batch-norm tanh; upsample nearest; downsample nearest",
        "conv 4 1x1; residual; conv 4 3x3; add; conv 2 1x1", "dense 5; dense 24 tanh; reshape 3x4x2", "maxout 24x2; reshape 3x4x2"})
    void aResidualBlockBeginsAsTheIdentityAndCanLearn(String body) {
        var in = Shape.of(3, 4, 2);
        var lines = ("residual; " + body + "; add; output").split("; ");
        var network = network(new Initialiser.He(), in, Shape.of(3), lines);
        var plain = network(new Initialiser.He(), in, Shape.of(3), "output");
        plain.weights().view("0.weight").segment().copyFrom(network.weights().view("1.weight").segment());
        var x = normal(8, in.size());
        var pass = Pass.training(1, 0);
        var trace = network.trace(8);
        var gradients = network.weights().alike(kernels);
        var y = trace.forward(x, pass);
        var expected = plain.trace(8).forward(x, pass);
        for (long i = 0; i < y.size(); i++) {
            assertEquals(expected.get(i), y.get(i), 1e-12);
        }
        trace.backward(normal(8, 3), GradientTarget.replacing(gradients));
        var learning = gradients.views().entrySet().stream().filter(view -> view.getKey().startsWith("0."))
                .filter(view -> meanSquare(view.getValue()) > 0).map(Object::toString).toList();
        assertTrue(!learning.isEmpty(), "the block's last weights get a gradient");
    }
}
