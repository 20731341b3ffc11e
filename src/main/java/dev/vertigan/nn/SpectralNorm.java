package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Spectral normalisation (Miyato et al. 2018, algorithm 1): a network computes with W̄ = W/σ, where σ is near the largest singular value
/// of W, found by one step of the power iteration an update. A convolution's weights count as a matrix with its last extent's columns.
///
/// The network's own weights are the W̄. An optimiser changes the W, by gradients through σ = vᵀWu with the directions u and v held constant
/// (there, equation 12): `(G − ⟨G, W̄⟩ v uᵀ) / σ` for G, the gradient with respect to W̄. A card is waited for at every update.
public final class SpectralNorm {

    private static final int STEPS_AT_FIRST = 20; // so that a network begins with σ, not with a guess

    private final Kernels kernels;
    private final Parameters normalised; // W̄, and what has no W
    private final Parameters weights; // W
    private final Parameters directions; // u and v
    private final List<Matrix> matrices = new ArrayList<>();
    private final Tensor number; // [1]
    private final Tensor product; // [1, 1]

    /// @param network its weights are those to be normalised
    public SpectralNorm(Network network, Kernels kernels) {
        this.kernels = kernels;
        normalised = network.weights();
        weights = normalised.alike(kernels);
        weights.flat().segment().copyFrom(normalised.flat().segment());
        number = kernels.allocate(1);
        product = kernels.allocate(1, 1);
        var layout = new Parameters.Layout();
        normalised.views().forEach((name, tensor) -> {
            if (isMatrix(name)) {
                long columns = tensor.extent(tensor.shape().length - 1);
                layout.add(name + ".u", InitialValue.ONE, columns);
                layout.add(name + ".v", InitialValue.ONE, tensor.size() / columns);
            }
        });
        directions = layout.allocate(kernels);
        normalised.views().keySet().stream().filter(SpectralNorm::isMatrix).forEach(name -> matrices.add(new Matrix(name)));
        for (int step = 0; step < STEPS_AT_FIRST; step++) {
            refresh();
        }
    }

    private static boolean isMatrix(String name) {
        return name.endsWith(".weight");
    }

    /// One of the weights, as a matrix.
    private final class Matrix {

        private final String name;
        private final Tensor weight; // W [rows, columns]
        private final Tensor u; // [columns, 1]
        private final Tensor v; // [rows, 1]
        private final Tensor scaled; // [rows, 1]

        Matrix(String name) {
            this.name = name;
            u = column(directions.view(name + ".u"));
            v = column(directions.view(name + ".v"));
            kernels.fill(u, 1);
            scaled = kernels.allocate(v.size(), 1);
            weight = matrix(weights);
        }

        private Tensor matrix(Parameters of) {
            return of.view(name).reshape(v.size(), u.size());
        }

        /// v and u become unit vectors along Wu and Wᵀv.
        void iterate() {
            kernels.matmul(weight, false, u, false, v, false);
            scale(v, 1 / norm(v));
            kernels.matmul(weight, true, v, false, u, false);
            double sigma = norm(u);
            scale(u, 1 / sigma);
            var own = matrix(normalised);
            kernels.copy(weight, own);
            scale(own, 1 / sigma);
        }

        void chain(Parameters gradients) {
            var gradient = matrix(gradients);
            kernels.matmul(row(gradient), false, column(matrix(normalised)), false, product, false);
            double along = kernels.read(product).get()[0];
            kernels.copy(v, scaled);
            scale(scaled, -along);
            kernels.matmul(scaled, false, row(u), false, gradient, true);
            kernels.matmul(weight, true, v, false, u, false);
            double sigma = norm(u);
            scale(u, 1 / sigma);
            scale(gradient, 1 / sigma);
        }
    }

    private static Tensor column(Tensor x) {
        return x.reshape(x.size(), 1);
    }

    private static Tensor row(Tensor x) {
        return x.reshape(1, x.size());
    }

    private double norm(Tensor x) {
        double norm = Math.sqrt(kernels.sumOfSquares(x));
        return norm == 0 ? 1 : norm;
    }

    private void scale(Tensor x, double factor) {
        kernels.fill(number, factor);
        kernels.scaleRows(row(x), number);
    }

    /// What an optimiser changes: the W, and what is not normalised.
    public Parameters weights() {
        return weights;
    }

    /// The power iterations' u and v, which belong to the state.
    public Parameters directions() {
        return directions;
    }

    /// From gradients with respect to the network's weights to those with respect to [#weights], in place.
    public void chain(Parameters gradients) {
        matrices.forEach(matrix -> matrix.chain(gradients));
    }

    /// After [#weights] have changed: one step of each power iteration, and the network's weights anew.
    public void refresh() {
        kernels.copy(weights.flat(), normalised.flat());
        matrices.forEach(Matrix::iterate);
    }
}
