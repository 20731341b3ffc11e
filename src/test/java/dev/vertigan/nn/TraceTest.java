package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.ReferenceKernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pull, push and the gradient along both against central differences in float64.
class TraceTest {

    private static final int BATCH = 4;
    private static final double H = 1e-6;
    private static final Shape LOGIT = Shape.of(1);

    private static final Kernels kernels = new ReferenceKernels();
    private static final Pass PASS = Pass.training(7, 1).of(Optional.of(classes(1, 0, 1, 2)));

    private static Tensor classes(int... of) {
        var oneHot = kernels.allocate(of.length, 3);
        for (int i = 0; i < of.length; i++) {
            oneHot.set(3 * i + of[i], 1);
        }
        return oneHot;
    }

    record Case(String lines, Shape in) {

        Network network() {
            var network = new Network(Architecture.parse(List.of(lines.split("; ")), in, LOGIT), kernels, 11, 3);
            new Initialiser.He().fill(network, 11, 1);
            kernels.addNormal(network.weights().flat(), 0.2f, new Draw(3, 99, 0), network.weights().flat()); // zeros moved too
            return network;
        }
    }

    static List<Case> piecewiseLinear() {
        return List.of(
                new Case("output", Shape.of(4)),
                new Case("dense 6 relu; output", Shape.of(4)),
                new Case("scale 0.6; dense 5 leaky-relu; scale 3; output", Shape.of(4)),
                new Case("dense 6 leaky-relu 0.1; dense 5 leaky-relu; output", Shape.of(4)),
                new Case("dense 6 classes 3 leaky-relu; output classes 3", Shape.of(4)),
                new Case("conv 3 4x4 stride 2 leaky-relu; output projection 3", Shape.of(6, 5, 2)),
                new Case("maxout 4x3; maxout 3x2; output", Shape.of(4)),
                new Case("dropout 0.6; dense 6 relu; dropout 0.5; output", Shape.of(4)),
                new Case("dropout 0.8; maxout 5x2; dropout 0.5; output", Shape.of(4)),
                new Case("conv 3 4x4 stride 2 leaky-relu; conv 2 3x3 relu; output", Shape.of(6, 5, 2)),
                new Case("conv 6 3x3 groups 2 leaky-relu; deconv 4 2x2 stride 2 groups 2 leaky-relu; output", Shape.of(3, 2, 4)),
                new Case("deconv 2 4x4 stride 2 leaky-relu; output", Shape.of(3, 2, 2)),
                new Case("upsample bilinear; conv 2 3x3 leaky-relu; downsample nearest; downsample bilinear; output", Shape.of(4, 2, 1)),
                new Case("reshape 2x3x4; conv 2 2x2 leaky-relu; output", Shape.of(4, 3, 2)),
                new Case("residual; conv 3 3x3 leaky-relu; dropout 0.7; conv 2 1x1; add; conv 2 3x3 relu; output", Shape.of(3, 4, 2)),
                new Case("residual; residual; dense 5 leaky-relu; dense 4; add; dense 4 leaky-relu; add; output", Shape.of(4)));
    }

    @ParameterizedTest
    @MethodSource("piecewiseLinear")
    void pullIsTheGradientOfEachRowsLogitAndPushTheDerivativeAlongADirection(Case of) {
        var network = of.network();
        var trace = network.trace(BATCH);
        var x = random(1, BATCH, of.in.size());
        var direction = random(2, BATCH, of.in.size());
        trace.forward(x, PASS);
        var v = trace.pull().copy();
        var along = trace.push(direction).copy();
        long features = of.in.size();
        for (int row = 0; row < BATCH; row++) {
            double sum = 0;
            for (long i = row * features; i < (row + 1) * features; i++) {
                assertEquals((moved(trace, x, i, H).get(row) - moved(trace, x, i, -H).get(row)) / (2 * H), v.get(i), 1e-6);
                sum += v.get(i) * direction.get(i);
            }
            assertEquals(sum, along.get(row), 1e-9);
        }
    }

    private static Tensor moved(Trace trace, Tensor x, long i, double by) {
        var moved = x.copy();
        moved.set(i, x.get(i) + by);
        return trace.forward(moved, PASS).copy();
    }

    /// The penalty's gradient too: of Σ w/2 · ‖∂D/∂x‖² as a whole, ∂D/∂x computed anew at each of the shifted weights.
    @ParameterizedTest
    @MethodSource("piecewiseLinear")
    void theGradientOfSlopesAndPenaltyIsCentralDifferences(Case of) {
        var network = of.network();
        var trace = network.trace(BATCH);
        var x = random(1, BATCH, of.in.size());
        var s = random(5, BATCH);
        var w = random(6, BATCH);
        var found = network.weights().alike(kernels);
        trace.forward(x, PASS);
        trace.push(trace.pull());
        trace.gradient(s, w, GradientTarget.replacing(found));
        for (var view : network.weights().views().entrySet()) {
            for (long i = 0; i < view.getValue().size(); i++) {
                double before = view.getValue().get(i);
                view.getValue().set(i, before + H);
                double up = penalised(trace, x, s, w);
                view.getValue().set(i, before - H);
                double down = penalised(trace, x, s, w);
                view.getValue().set(i, before);
                assertEquals((up - down) / (2 * H), found.view(view.getKey()).get(i), 1e-6, view.getKey() + "[" + i + "]");
            }
        }
        trace.forward(x, PASS);
        trace.push(trace.pull());
        var twice = found.flat().copy();
        trace.gradient(s, w, GradientTarget.adding(found));
        for (long i = 0; i < twice.size(); i++) {
            assertEquals(2 * twice.get(i), found.flat().get(i), 1e-12, "added to what is there");
        }
    }

    private static double penalised(Trace trace, Tensor x, Tensor s, Tensor w) {
        var logits = trace.forward(x, PASS).copy();
        var v = trace.pull();
        long features = v.size() / BATCH;
        double sum = 0;
        for (int row = 0; row < BATCH; row++) {
            sum += s.get(row) * logits.get(row);
            for (long i = row * features; i < (row + 1) * features; i++) {
                sum += w.get(row) / 2 * v.get(i) * v.get(i);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense 5 tanh; output", "batch-norm; output", "residual; dense 4 tanh; add; output"})
    void curvedNetworksHaveNoTangent(String lines) {
        var trace = new Case(lines, Shape.of(4)).network().trace(BATCH);
        trace.forward(random(1, BATCH, 4), PASS);
        var refusal = assertThrows(IllegalStateException.class, () -> trace.push(trace.pull()));
        assertTrue(refusal.getMessage().contains("layer 0"), refusal.getMessage());
    }

    @Test
    void aTraceIsKeptWhileAnotherIsMade() {
        var of = piecewiseLinear().get(7);
        var network = of.network();
        var first = network.trace(BATCH);
        var second = network.trace(BATCH);
        var x = random(1, BATCH, of.in.size());
        var alone = network.weights().alike(kernels);
        first.forward(x, PASS);
        first.backward(random(3, BATCH, 1), GradientTarget.replacing(alone));
        var found = network.weights().alike(kernels);
        var y = first.forward(x, PASS);
        var before = y.copy();
        second.forward(random(8, BATCH, of.in.size()), Pass.training(8, 2));
        second.backward(random(9, BATCH, 1), GradientTarget.replacing(network.weights().alike(kernels)));
        assertEquals(-1, before.segment().mismatch(y.segment()));
        first.backward(random(3, BATCH, 1), GradientTarget.replacing(found));
        assertEquals(-1, alone.flat().segment().mismatch(found.flat().segment()));
    }

    /// Rows drawn in parts get the numbers they would get in the whole.
    @Test
    void aPartOfAMinibatchHasItsRowsOfTheMasks() {
        var of = new Case("dropout 0.5; dense 7 leaky-relu; dropout 0.6; output", Shape.of(5));
        var network = of.network();
        var x = random(1, BATCH, 5);
        var whole = network.trace(BATCH).forward(x, PASS).copy();
        var part = network.trace(2).forward(x.rows(2, 2), PASS.at(List.of(new Pass.Stretch(2, 2)))).copy();
        var pieces = network.trace(BATCH).forward(x, PASS.at(List.of(new Pass.Stretch(0, 3), new Pass.Stretch(3, 1))));
        for (int i = 0; i < BATCH; i++) {
            assertEquals(whole.get(i), pieces.get(i), 1e-12);
        }
        assertEquals(whole.get(2), part.get(0), 1e-12);
        assertEquals(whole.get(3), part.get(1), 1e-12);
    }

    private static Tensor random(int stream, long... shape) {
        var tensor = kernels.allocate(shape);
        kernels.normal(tensor, new Draw(17, stream, 0));
        return tensor;
    }
}
