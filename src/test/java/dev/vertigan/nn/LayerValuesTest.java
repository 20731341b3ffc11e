package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.ReferenceKernels;
import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What layers give, worked out by hand: gradients alone can be right of a layer that gives something else.
class LayerValuesTest {

    private static final double TOLERANCE = 1e-3; // batch norm's epsilon moves its values by less

    private static final Kernels kernels = new ReferenceKernels();

    private static Network network(String lines, Shape in) {
        var network = new Network(Architecture.parse(List.of(lines.split("; ")), in, Shape.of(1)), kernels, 5, 3);
        new Initialiser.He().fill(network, 11, 1);
        return network;
    }

    private static Tensor tensor(long rows, double... values) {
        var tensor = kernels.allocate(rows, values.length / rows);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get(i);
        }
        return values;
    }

    /// What each layer gives, a block before the layers in it.
    private static List<double[]> outputs(Network network, Tensor x, Pass pass) {
        var trace = network.trace(x.extent(0));
        trace.forward(x, pass);
        var outputs = new LinkedHashMap<String, double[]>();
        trace.outputs((path, y) -> outputs.put(path, values(y)));
        return new ArrayList<>(outputs.values());
    }

    @Test
    void aScaleMultipliesAndAMinibatchsDeviationIsTheMeanOverItsFeatures() {
        var outputs = outputs(network("scale 0.5; minibatch-deviation; output", Shape.of(2)), tensor(2, 1, 2, 3, 6), Pass.training(1, 0));
        assertEquals(3, outputs.size());
        assertArrayEquals(new double[] {0.5, 1, 1.5, 3}, outputs.get(0), TOLERANCE);
        assertArrayEquals(new double[] {0.5, 1, 0.75, 1.5, 3, 0.75}, outputs.get(1), TOLERANCE);
    }

    @Test
    void aResidualBlockAddsWhatItsLayersGive() {
        var outputs = outputs(network("residual; scale 2; add; output", Shape.of(2)), tensor(1, 1, -2), Pass.training(1, 0));
        assertEquals(3, outputs.size());
        assertArrayEquals(new double[] {3, -6}, outputs.get(0), TOLERANCE);
        assertArrayEquals(new double[] {2, -4}, outputs.get(1), TOLERANCE);
    }

    @Test
    void anImageOfOneShadeKeepsItInAnySize() {
        var outputs = outputs(network("upsample bilinear; downsample bilinear; upsample nearest; downsample nearest; output", Shape.of(2, 2, 1)),
                tensor(1, 3, 3, 3, 3), Pass.training(1, 0));
        for (double[] image : outputs.subList(0, 4)) {
            for (double pixel : image) {
                assertEquals(3, pixel, TOLERANCE);
            }
        }
    }

    @Test
    void batchNormOfAClassHasItsOwnScaleAndShift() {
        var network = network("batch-norm classes 3; output", Shape.of(1));
        network.weights().view("0.gamma").set(2, 2);
        network.weights().view("0.beta").set(2, 5);
        var classes = tensor(2, 1, 0, 0, 0, 0, 1);
        assertArrayEquals(new double[] {-1, 7}, outputs(network, tensor(2, 1, 3), Pass.training(1, 0).of(Optional.of(classes))).getFirst(),
                TOLERANCE);
    }

    /// In memory in which no minibatch was normalised before.
    @Test
    void runningStatisticsThatNothingTaughtLeaveSamplesAsTheyAre() {
        assertArrayEquals(new double[] {1, 2, 3, 6},
                outputs(network("batch-norm; output", Shape.of(2)), tensor(2, 1, 2, 3, 6), Pass.INFERENCE).getFirst(),
                TOLERANCE);
    }

    @Test
    void dropoutThatDropsNothingPassesGradientsAndTangents() {
        var network = network("dropout 0.5; output", Shape.of(2));
        assertEquals(3, network.parameterCount());
        var weight = network.weights().view("1.weight");
        weight.set(0, 0.5);
        weight.set(1, -3);
        var trace = network.trace(2);
        trace.forward(tensor(2, 1, 2, 3, 6), Pass.INFERENCE);
        assertArrayEquals(new double[] {0.5, -3, 0.5, -3}, values(trace.pull()), TOLERANCE);
        assertArrayEquals(new double[] {-2.5, 1}, values(trace.push(tensor(2, 1, 1, 2, 0))), TOLERANCE);
    }
}
