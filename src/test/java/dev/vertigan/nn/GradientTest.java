package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.ReferenceKernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every layer's gradients against central differences in float64.
class GradientTest {

    private static final int BATCH = 5;
    private static final int IN = 4;
    private static final int OUT = 3;
    private static final double H = 1e-6;
    private static final int CLASSES = 3;

    private static final Kernels kernels = new ReferenceKernels();
    private static final Pass PASS = Pass.training(7, 1).of(Optional.of(classes(2, 0, 1, 2, 2)));

    @AfterAll
    static void close() {
        kernels.close();
    }

    private static Tensor classes(int... of) {
        var labels = kernels.allocate(of.length);
        for (int i = 0; i < of.length; i++) {
            labels.set(i, of[i]);
        }
        var oneHot = kernels.allocate(of.length, CLASSES);
        kernels.oneHot(labels, oneHot);
        return oneHot;
    }

    /// @param lines separated by semicolons
    record Case(String lines, Shape in, Shape out) {

        static Case flat(String lines) {
            return new Case(lines, Shape.of(IN), Shape.of(OUT));
        }

        static Case image(String lines, int height, int width, int channels) {
            return new Case(lines, Shape.of(height, width, channels), Shape.of(OUT));
        }

        static Case toImage(String lines, int height, int width, int channels) {
            return new Case(lines, Shape.of(IN), Shape.of(height, width, channels));
        }

        Case of(int... in) {
            return new Case(lines, Shape.of(in), out);
        }

        Case giving(int... out) {
            return new Case(lines, in, Shape.of(out));
        }

        Architecture architecture() {
            return Architecture.parse(List.of(lines.split("; ")), in, out);
        }
    }

    static List<Case> cases() {
        return List.of(
                Case.flat("output"),
                Case.flat("output sigmoid"),
                Case.flat("dense 6 relu; output tanh"),
                Case.flat("dense 6 leaky-relu 0.1; output"),
                Case.flat("dense 5 tanh; dense 6 sigmoid; output"),
                Case.flat("maxout 4x3; output"),
                Case.flat("dropout 0.6; dense 6 relu; dropout 0.5; output"),
                Case.flat("dropout 0.8; maxout 5x2; dropout 0.5; maxout 4x3; output"),
                Case.flat("dense 6; batch-norm relu; output"),
                Case.flat("batch-norm; dense 7; batch-norm leaky-relu; output sigmoid"),
                Case.image("conv 3 3x3 tanh; output", 5, 4, 2),
                Case.image("conv 3 4x4 stride 2 leaky-relu; output", 6, 7, 1),
                Case.image("conv 2 3x2 stride 3 pad 1 sigmoid; output", 7, 5, 2),
                Case.image("conv 4 1x1; conv 2 2x3 pad 0 leaky-relu; output", 3, 4, 2),
                Case.image("conv 2 1x1 stride 2; output", 5, 4, 2),
                Case.image("conv 6 3x3 groups 2 tanh; conv 4 1x1 groups 2 leaky-relu; deconv 4 2x2 stride 2 groups 4; output", 3, 2, 4),
                Case.image("deconv 2 4x4 stride 2 leaky-relu; output", 3, 2, 2),
                Case.image("deconv 2 3x2 stride 3 pad 1 tanh; output", 3, 4, 1),
                Case.image("deconv 3 3x3 leaky-relu; deconv 2 2x2 stride 2 pad 0; output", 2, 3, 2),
                Case.image("conv 3 4x4 stride 2; batch-norm leaky-relu; output", 6, 5, 1),
                Case.image("batch-norm tanh; conv 2 3x3; batch-norm; maxout 3x2; output", 3, 4, 2),
                Case.image("dropout 0.7; upsample nearest; conv 2 3x3 stride 2; dropout 0.6; output", 3, 2, 1),
                Case.image("downsample bilinear; upsample bilinear; conv 2 3x3 leaky-relu; downsample nearest; output", 4, 6, 2),
                Case.image("reshape 2x3x4; conv 2 2x2 leaky-relu; reshape 3x4x2; output", 4, 3, 2),
                Case.image("conv 3 3x3 stride 2; output conv 3x3 pad 0", 6, 5, 1).giving(1, 1, 1),
                Case.toImage("dense 12 leaky-relu; reshape 2x2x3; deconv 2 4x4 stride 2; batch-norm relu; output deconv 3x3 tanh", 4, 4, 2),
                Case.toImage("dense 8; reshape 2x2x2; upsample bilinear; conv 2 3x3 leaky-relu; output conv 3x3 sigmoid", 4, 4, 1),
                Case.toImage("output deconv 3x5 pad 0", 3, 5, 4).of(1, 1, 3),
                Case.image("residual; conv 3 3x3 leaky-relu; conv 2 1x1; add; output", 3, 4, 2),
                Case.image("dropout 0.8; residual; dropout 0.7; batch-norm leaky-relu; conv 2 3x3; dropout 0.6; add; output", 3, 2, 2),
                Case.image("conv 2 3x3; residual; upsample nearest; conv 3 4x4 stride 2 tanh; deconv 2 3x3; batch-norm; add; output", 3, 2, 1),
                Case.image("residual; residual; conv 3 3x3 leaky-relu; conv 1 1x1; add; conv 1 2x2 stride 2 pad 0; upsample nearest; add; output",
                        4, 2, 1),
                Case.flat("dense 3 leaky-relu; minibatch-deviation; dense 3 tanh; output"),
                Case.image("minibatch-deviation; conv 3 3x3 leaky-relu; minibatch-deviation; output", 3, 2, 2),
                Case.flat("scale 0.7; dense 5 leaky-relu; scale 3; output"),
                Case.flat("residual; dense 5 leaky-relu; residual; dense 4; dropout 0.7; dense 5; add; dense 4 tanh; add; output"),
                Case.flat("dense 6 classes 3 leaky-relu; output classes 3 tanh"),
                Case.flat("dense 6; batch-norm classes 3 leaky-relu; output"),
                Case.image("residual; conv 3 3x3; batch-norm classes 3 relu; conv 2 3x3; batch-norm classes 3; add; output classes 3", 3, 2, 2),
                Case.image("conv 3 3x3 stride 2 leaky-relu; output projection 3", 5, 4, 2).giving(1),
                Case.toImage("dense 12 classes 3; reshape 2x2x3; batch-norm classes 3 tanh; output deconv 4x4 stride 2", 4, 4, 1),
                Case.flat("residual; dropout 0.5; dropout 0.5; add; residual; reshape 2x2x1; conv 1 3x3; dense 4; add; output"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreCentralDifferences(Case of) {
        var network = network(of);
        var x = random(1, BATCH, of.in.size());
        var dy = random(2, BATCH, of.out.size());

        var trace = network.trace(BATCH);
        var gradients = network.weights().alike(kernels);
        trace.forward(x, PASS);
        trace.backward(dy.copy(), GradientTarget.replacing(gradients));
        var input = trace.inputGradient(0, BATCH).copy();

        for (var view : network.weights().views().entrySet()) {
            var analytic = gradients.view(view.getKey());
            for (long i = 0; i < view.getValue().size(); i++) {
                assertEquals(central(trace, x, dy, view.getValue(), i), analytic.get(i), 1e-6, view.getKey() + "[" + i + "]");
            }
        }
        for (long i = 0; i < x.size(); i++) {
            assertEquals(central(trace, x, dy, x, i), input.get(i), 1e-6, "x[" + i + "]");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAccumulateAndInputGradientsNeedNone(Case of) {
        var network = network(of);
        var x = random(1, BATCH, of.in.size());
        var dy = random(2, BATCH, of.out.size());
        var trace = network.trace(BATCH);
        var gradients = network.weights().alike(kernels);
        trace.forward(x, PASS);
        trace.backward(dy.copy(), GradientTarget.replacing(gradients));
        var once = gradients.flat().copy();
        var input = trace.inputGradient(0, BATCH).copy();

        trace.backward(dy.copy(), GradientTarget.adding(gradients));
        gradients.views().forEach((name, gradient) -> assertTrue(gradient.size() > 0, name));
        for (long i = 0; i < once.size(); i++) {
            assertEquals(2 * once.get(i), gradients.flat().get(i), 1e-12);
        }

        trace.backward(dy.copy(), GradientTarget.NONE);
        for (long i = 0; i < once.size(); i++) {
            assertEquals(2 * once.get(i), gradients.flat().get(i), 1e-12, "a pass for the input must leave the gradients alone");
        }
        var again = trace.inputGradient(0, BATCH);
        for (long i = 0; i < input.size(); i++) {
            assertEquals(input.get(i), again.get(i), 1e-12);
        }
        if (!of.architecture().crossSample()) {
            var part = trace.inputGradient(2, 3);
            for (long i = 0; i < part.size(); i++) {
                assertEquals(input.get(2 * of.in.size() + i), part.get(i), 1e-12, "some rows' gradient is that part of all rows'");
            }
        }
    }

    static List<Case> normalised() {
        return List.of(Case.flat("batch-norm; output"), Case.image("batch-norm; conv 2 3x3; residual; batch-norm; add; output", 3, 4, 2),
                Case.image("batch-norm classes 3; output", 3, 2, 2));
    }

    @ParameterizedTest
    @MethodSource("normalised")
    void batchNormUsesItsRunningStatisticsForInference(Case of) {
        var network = network(of);
        var x = random(3, BATCH, of.in.size());
        var trace = network.trace(BATCH);
        var seen = network.statistics().alike(kernels);
        for (int i = 0; i < 400; i++) {
            trace.forward(x, PASS.tracking(seen));
            network.track(seen);
        }
        var training = trace.forward(x, PASS).copy();
        var inference = trace.forward(x, Pass.INFERENCE.of(PASS.classes()));
        for (long i = 0; i < training.size(); i++) {
            assertEquals(training.get(i), inference.get(i), 1e-9, "on a constant minibatch both must come to agree");
        }
    }

    @Test
    void dropoutKeepsTheMeanAndItsMaskIsAFunctionOfStepAndPhase() {
        var network = new Network(Architecture.parse(List.of("dropout 0.5", "output"), Shape.of(1000), Shape.of(1)), kernels, 5, 3);
        var trace = network.trace(1);
        network.weights().flat().segment().fill((byte) 0);
        var weight = network.weights().view("1.weight");
        for (long i = 0; i < weight.size(); i++) {
            weight.set(i, 1e-3);
        }
        var ones = kernels.allocate(1, 1000);
        for (long i = 0; i < ones.size(); i++) {
            ones.set(i, 1);
        }
        double first = trace.forward(ones, Pass.training(1, 0)).get(0);
        double other = trace.forward(ones, Pass.training(1, 1)).get(0);
        assertEquals(1, first, 0.15);
        assertTrue(first != other, "another phase has another mask");
        assertEquals(first, trace.forward(ones, Pass.training(1, 0)).get(0), 0);
        assertEquals(1, trace.forward(ones, Pass.INFERENCE).get(0), 1e-12);
    }

    private static Network network(Case of) {
        var network = new Network(of.architecture(), kernels, 11, 3);
        new Initialiser.He().fill(network, 11, 1);
        kernels.addNormal(network.weights().flat(), 0.1f, new Draw(3, 99, 0), network.weights().flat()); // biases off zero too
        return network;
    }

    private static Tensor random(int stream, long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.normal(tensor, new Draw(17, stream, 0));
        return tensor;
    }

    private static double central(Trace trace, Tensor x, Tensor dy, Tensor of, long i) {
        double before = of.get(i);
        of.set(i, before + H);
        double up = dot(trace.forward(x, PASS), dy);
        of.set(i, before - H);
        double down = dot(trace.forward(x, PASS), dy);
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
