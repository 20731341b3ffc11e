package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Nd4jKernels;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/// Every layer's gradients against central differences in float64.
class GradientTest {

    private static final int BATCH = 5;
    private static final int IN = 4;
    private static final int OUT = 3;
    private static final double H = 1e-6;
    private static final Pass PASS = new Pass(true, false, 7, 1);

    private static final Kernels kernels = new Nd4jKernels(DataType.DOUBLE, 1);

    @AfterAll
    static void close() {
        kernels.close();
    }

    static List<List<String>> architectures() {
        return List.of(
                List.of("output"),
                List.of("output sigmoid"),
                List.of("dense 6 relu", "output tanh"),
                List.of("dense 6 leaky-relu 0.1", "output"),
                List.of("dense 5 tanh", "dense 6 sigmoid", "output"),
                List.of("maxout 4x3", "output"),
                List.of("dropout 0.6", "dense 6 relu", "dropout 0.5", "output"),
                List.of("dropout 0.8", "maxout 5x2", "dropout 0.5", "maxout 4x3", "output"),
                List.of("dense 6", "batch-norm relu", "output"),
                List.of("batch-norm", "dense 7", "batch-norm leaky-relu", "output sigmoid"));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void gradientsAreCentralDifferences(List<String> lines) {
        var network = network(lines);
        var x = random(1, BATCH, IN);
        var dy = random(2, BATCH, OUT);

        network.forward(x, PASS);
        network.backward(dy.copy(), true, false);
        var input = network.inputGradient(0, BATCH).copy();

        for (var view : network.weights().views().entrySet()) {
            var analytic = network.gradients().view(view.getKey());
            for (long i = 0; i < view.getValue().size(); i++) {
                assertEquals(central(network, x, dy, view.getValue(), i), analytic.get(i), 1e-6, view.getKey() + "[" + i + "]");
            }
        }
        for (long i = 0; i < x.size(); i++) {
            assertEquals(central(network, x, dy, x, i), input.get(i), 1e-6, "x[" + i + "]");
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void gradientsAccumulateAndInputGradientsNeedNone(List<String> lines) {
        var network = network(lines);
        var x = random(1, BATCH, IN);
        var dy = random(2, BATCH, OUT);
        network.forward(x, PASS);
        network.backward(dy.copy(), true, false);
        var once = network.gradients().flat().copy();
        var input = network.inputGradient(0, BATCH).copy();

        network.backward(dy.copy(), true, true);
        network.gradients().views().forEach((name, gradient) -> assertTrue(gradient.size() > 0, name));
        for (long i = 0; i < once.size(); i++) {
            assertEquals(2 * once.get(i), network.gradients().flat().get(i), 1e-12);
        }

        network.backward(dy.copy(), false, false);
        for (long i = 0; i < once.size(); i++) {
            assertEquals(2 * once.get(i), network.gradients().flat().get(i), 1e-12, "a pass for the input must leave the gradients alone");
        }
        var again = network.inputGradient(0, BATCH);
        for (long i = 0; i < input.size(); i++) {
            assertEquals(input.get(i), again.get(i), 1e-12);
        }
        if (!network.crossSample()) {
            var part = network.inputGradient(2, 3);
            for (long i = 0; i < part.size(); i++) {
                assertEquals(input.get(2 * IN + i), part.get(i), 1e-12, "some rows' gradient is that part of all rows'");
            }
        }
    }

    @Test
    void batchNormUsesItsRunningStatisticsForInference() {
        var network = network(List.of("batch-norm", "output"));
        var x = random(3, BATCH, IN);
        for (int i = 0; i < 400; i++) {
            network.forward(x, new Pass(true, true, i, 0));
        }
        var training = network.forward(x, PASS).copy();
        var inference = network.forward(x, Pass.INFERENCE);
        for (long i = 0; i < training.size(); i++) {
            assertEquals(training.get(i), inference.get(i), 1e-9, "on a constant minibatch both must come to agree");
        }
    }

    @Test
    void dropoutKeepsTheMeanAndItsMaskIsAFunctionOfStepAndPhase() {
        var network = new Network(Architecture.parse(List.of("dropout 0.5", "output"), 1000, 1), kernels, 1, 5, 3);
        network.weights().flat().segment().fill((byte) 0);
        var weight = network.weights().view("1.weight");
        for (long i = 0; i < weight.size(); i++) {
            weight.set(i, 1e-3);
        }
        var ones = kernels.allocate(1, 1000);
        for (long i = 0; i < ones.size(); i++) {
            ones.set(i, 1);
        }
        double first = network.forward(ones, new Pass(true, false, 1, 0)).get(0);
        double other = network.forward(ones, new Pass(true, false, 1, 1)).get(0);
        assertEquals(1, first, 0.15);
        assertTrue(first != other, "another phase has another mask");
        assertEquals(first, network.forward(ones, new Pass(true, false, 1, 0)).get(0), 0);
        assertEquals(1, network.forward(ones, Pass.INFERENCE).get(0), 1e-12);
    }

    private static Network network(List<String> lines) {
        var network = new Network(Architecture.parse(lines, IN, OUT), kernels, BATCH, 11, 3);
        new Initialiser.He().fill(network, 11, 1);
        kernels.addNormal(network.weights().flat(), 0.1f, new Draw(3, 99, 0), network.weights().flat()); // biases off zero too
        return network;
    }

    private static Tensor random(int stream, long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.normal(tensor, new Draw(17, stream, 0));
        return tensor;
    }

    private static double central(Network network, Tensor x, Tensor dy, Tensor of, long i) {
        double before = of.get(i);
        of.set(i, before + H);
        double up = dot(network.forward(x, PASS), dy);
        of.set(i, before - H);
        double down = dot(network.forward(x, PASS), dy);
        of.set(i, before);
        return (up - down) / (2 * H);
    }

    private static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (long i = 0; i < a.size(); i++) {
            sum += a.get(i) * b.get(i);
        }
        return sum;
    }
}
