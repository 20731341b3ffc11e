package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.ReferenceKernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpectralNormTest {

    private static final double H = 1e-6;

    private static Network network(Kernels kernels) {
        var network = new Network(Architecture.parse(List.of("conv 3 3x3 leaky-relu", "maxout 4x2", "output"), Shape.of(4, 3, 2), Shape.of(1)),
                kernels,
                1, 1);
        new Initialiser.He().fill(network, 5, 7);
        return network;
    }

    private static double[][] matrix(Tensor tensor) {
        int columns = (int) tensor.extent(tensor.shape().length - 1);
        var matrix = new double[(int) tensor.size() / columns][columns];
        for (int i = 0; i < tensor.size(); i++) {
            matrix[i / columns][i % columns] = tensor.get(i);
        }
        return matrix;
    }

    /// By so many steps of plain arithmetic that nothing changes any more.
    private static double largestSingularValue(double[][] matrix) {
        var u = new double[matrix[0].length];
        u[0] = 1;
        double sigma = 0;
        for (int step = 0; step < 3_000; step++) {
            var next = new double[u.length];
            for (double[] row : matrix) {
                double along = 0;
                for (int i = 0; i < u.length; i++) {
                    along += row[i] * u[i];
                }
                for (int i = 0; i < u.length; i++) {
                    next[i] += row[i] * along;
                }
            }
            double square = 0;
            for (double part : next) {
                square += part * part;
            }
            sigma = Math.sqrt(Math.sqrt(square));
            for (int i = 0; i < u.length; i++) {
                u[i] = next[i] / Math.sqrt(square);
            }
        }
        return sigma;
    }

    @Test
    void everyMatrixComesToHaveTheLargestSingularValue1() {
        try (var kernels = new ReferenceKernels()) {
            var network = network(kernels);
            var norm = new SpectralNorm(network, kernels);
            kernels.addNormal(norm.weights().flat(), 0.2f, new Draw(3, 99, 0), norm.weights().flat());
            for (int step = 0; step < 500; step++) {
                norm.refresh();
            }
            network.weights().views().forEach((name, tensor) -> {
                if (name.endsWith(".weight")) {
                    assertEquals(1, largestSingularValue(matrix(tensor)), 1e-6, name);
                } else {
                    assertEquals(norm.weights().view(name).get(0), tensor.get(0), name);
                }
            });
        }
    }

    /// Of a loss linear in what the network computes with, against central differences through W/σ with σ = vᵀWu.
    @Test
    void gradientsPassThroughTheNorm() {
        try (var kernels = new ReferenceKernels()) {
            var network = network(kernels);
            var norm = new SpectralNorm(network, kernels);
            var gradients = network.weights().alike(kernels);
            kernels.normal(gradients.flat(), new Draw(4, 98, 0));
            var slopes = gradients.flat().copy();
            norm.chain(gradients);
            int checked = 0;
            for (var name : network.weights().views().keySet()) {
                if (!name.endsWith(".weight")) {
                    continue;
                }
                var weight = matrix(norm.weights().view(name));
                var v = norm.directions().view(name + ".v");
                var u = norm.directions().view(name + ".u");
                long offset = offset(network.weights(), name);
                for (int i = 0; i < weight.length; i++) {
                    for (int j = 0; j < weight[0].length; j++) {
                        double before = weight[i][j];
                        weight[i][j] = before + H;
                        double up = loss(weight, v, u, slopes, offset);
                        weight[i][j] = before - H;
                        double down = loss(weight, v, u, slopes, offset);
                        weight[i][j] = before;
                        assertEquals((up - down) / (2 * H), gradients.view(name).get((long) i * weight[0].length + j), 1e-7, name);
                        checked++;
                    }
                }
            }
            assertEquals(3 * 3 * 2 * 3 + 4 * 3 * 3 * 8 + 4, checked);
        }
    }

    private static long offset(Parameters parameters, String name) {
        return (parameters.view(name).segment().address() - parameters.flat().segment().address()) / Double.BYTES;
    }

    private static double loss(double[][] weight, Tensor v, Tensor u, Tensor slopes, long offset) {
        double sigma = 0;
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            for (int j = 0; j < weight[0].length; j++) {
                sigma += v.get(i) * weight[i][j] * u.get(j);
                sum += weight[i][j] * slopes.get(offset + (long) i * weight[0].length + j);
            }
        }
        return sum / sigma;
    }
}
