package dev.vertigan.evaluation;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.DiagonalMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/// The Gaussian with the mean and the (unbiased) covariance of a set of vectors.
///
/// @param mean `[d]`
/// @param covariance `[d][d]`
record Moments(double[] mean, double[][] covariance) {

    /// @param rows `[n][d]`, of two vectors or more
    static Moments of(double[][] rows) {
        int d = rows[0].length;
        int n = rows.length;
        double[] mean = new double[d];
        for (double[] row : rows) {
            for (int i = 0; i < d; i++) {
                mean[i] += row[i] / n;
            }
        }
        double[][] covariance = new double[d][d];
        double[] off = new double[d];
        for (double[] row : rows) {
            Arrays.setAll(off, i -> row[i] - mean[i]);
            for (int i = 0; i < d; i++) {
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += off[i] * off[j] / (n - 1);
                }
            }
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < i; j++) {
                covariance[j][i] = covariance[i][j];
            }
        }
        return new Moments(mean, covariance);
    }

    /// `‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁^½ C₂ C₁^½)^½)` (Dowson & Landau 1982; Heusel et al. 2017). The last trace is the sum of the
    /// singular values of C₁^½ C₂^½: so no root is taken of a matrix that is not symmetric, and a covariance without full rank, as a
    /// collapsed generator has, does no harm.
    double frechet(Moments other) {
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            double off = mean[i] - other.mean[i];
            sum += off * off + covariance[i][i] + other.covariance[i][i];
        }
        if (!Double.isFinite(sum)) {
            return sum;
        }
        for (double value : new SingularValueDecomposition(root().multiply(other.root())).getSingularValues()) {
            sum -= 2 * value;
        }
        return sum;
    }

    /// C^½ = U S^½ Uᵀ, where C = U S Uᵀ.
    private RealMatrix root() {
        var decomposition = new SingularValueDecomposition(new Array2DRowRealMatrix(covariance, false));
        double[] roots = Arrays.stream(decomposition.getSingularValues()).map(Math::sqrt).toArray();
        RealMatrix u = decomposition.getU();
        return u.multiply(new DiagonalMatrix(roots)).multiply(u.transpose());
    }
}
