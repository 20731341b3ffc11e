package dev.vertigan.tensor.nd4j;

import static dev.vertigan.tensor.nd4j.Nd4jArrays.array;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.dataType;

import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/// Convolutions and resampling as ND4J has them, for [Nd4jKernels].
final class Nd4jConvolutions {

    private static final int EXPLICIT_PADDING = 0;
    private static final int CHANNELS_LAST = 1;
    private static final int WEIGHTS_HEIGHT_WIDTH_IN_OUT = 0;

    private Nd4jConvolutions() {}

    static void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        run("conv2d", window, new INDArray[] {array(in), array(weight)}, array(out));
    }

    static void transposed(Tensor in, Tensor weight, Window window, Tensor out) {
        // What conv2d's own backward pass computes; the operation deconv2d knows no extents but the smallest that fit.
        INDArray unused = Nd4j.create(dataType(weight.type()), weight.shape());
        run("conv2d_bp", window, new INDArray[] {Nd4j.zeros(dataType(out.type()), out.shape()), array(weight), array(in)}, array(out), unused);
    }

    static INDArray weightGradient(Tensor in, Tensor dout, Window window, Tensor dweight) {
        INDArray unused = Nd4j.create(dataType(in.type()), in.shape());
        INDArray gradient = Nd4j.create(dataType(dweight.type()), dweight.shape());
        INDArray zeros = Nd4j.zeros(dataType(dweight.type()), dweight.shape());
        run("conv2d_bp", window, new INDArray[] {array(in), zeros, array(dout)}, unused, gradient);
        return gradient;
    }

    private static void run(String operation, Window window, INDArray[] inputs, INDArray... outputs) {
        Nd4j.exec(DynamicCustomOp.builder(operation).addInputs(inputs).addOutputs(outputs).addIntegerArguments(window.height(), window.width(),
                window.stride(), window.stride(), window.padding(), window.padding(), 1, 1, EXPLICIT_PADDING, CHANNELS_LAST,
                WEIGHTS_HEIGHT_WIDTH_IN_OUT).build());
    }

    static void upsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        INDArray tall = along(1, doubling(in, 1, resampling), array(in));
        array(out).assign(along(2, doubling(in, 2, resampling), tall).mul(factor));
    }

    static void downsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        INDArray narrow = along(2, doubling(out, 2, resampling).transpose(), array(in));
        array(out).assign(along(1, doubling(out, 1, resampling).transpose(), narrow).mul(factor));
    }

    /// What makes e pixels in a row into 2e, as a matrix `[2e, e]`.
    private static INDArray doubling(Tensor small, int dimension, Resampling resampling) {
        long extent = small.extent(dimension);
        INDArray matrix = Nd4j.zeros(dataType(small.type()), 2 * extent, extent);
        double near = switch (resampling) {
            case NEAREST -> 1;
            case BILINEAR -> 0.75;
        };
        for (long i = 0; i < 2 * extent; i++) {
            long next = Math.clamp(i % 2 == 0 ? i / 2 - 1 : i / 2 + 1, 0, extent - 1);
            matrix.putScalar(i, i / 2, near);
            matrix.putScalar(i, next, matrix.getDouble(i, next) + 1 - near);
        }
        return matrix;
    }

    /// A matrix times everything that lies along one dimension of `[n, h, w, c]`.
    private static INDArray along(int dimension, INDArray matrix, INDArray in) {
        INDArray product = Nd4j.tensorMmul(matrix, in, new int[][] {{1}, {dimension}}); // the new dimension comes first
        return dimension == 1 ? product.permute(1, 0, 2, 3) : product.permute(1, 2, 0, 3);
    }
}
