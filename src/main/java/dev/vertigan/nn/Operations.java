package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;

/// What a network does when it draws or judges, operation by operation, for who writes it down elsewhere: see [Network#unroll]. Values have names;
/// every operation names its result. Shapes are those of the layers: rows `[n, f]`, images `[n, h, w, c]`, channels last.
public interface Operations {

    /// `x · W`, W `[in, out]`.
    String product(String x, Tensor weight);

    /// The row of a table that belongs to each sample's class, `[n, f]`.
    ///
    /// @param table `[classes, f]`
    String rowOfClass(Tensor table);

    /// `x + y`; y may lack extents, which are then the same for all.
    String add(String x, String y);

    /// `x ⊙ y`, likewise.
    String multiply(String x, String y);

    /// A vector of numbers along the last extent.
    String constant(double... values);

    String activate(String x, Activation activation);

    /// See [dev.vertigan.tensor.Kernels#convolve] and [dev.vertigan.tensor.Kernels#convolveTransposed].
    String convolve(String x, Tensor weight, Window window, boolean transposed);

    /// See [Resample].
    String resample(String x, boolean up, Resampling resampling, int channels);

    /// The same numbers seen as samples of another shape.
    String see(String x, long... shape);

    /// The greatest of each sample's numbers along the last extent, which goes.
    String greatest(String x);

    /// The sum of each row `[n, f]`, `[n, 1]`.
    String sumOfRow(String x);

    /// The inputs with one more channel, see [MinibatchDeviation].
    String withDeviation(String x, double epsilon);
}
