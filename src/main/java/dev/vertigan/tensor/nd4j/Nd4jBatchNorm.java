package dev.vertigan.tensor.nd4j;

import static dev.vertigan.tensor.nd4j.Nd4jArrays.activate;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.array;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.perChannel;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.rowsOf;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Batch norm in ND4J's operations, for [Nd4jKernels].
final class Nd4jBatchNorm {

    private Nd4jBatchNorm() {}

    static void statistics(Tensor x, Tensor mean, Tensor variance) {
        INDArray values = rowsOf(x);
        INDArray average = values.mean(0);
        array(mean).assign(average);
        INDArray centred = values.sub(average.reshape(1, average.length()));
        array(variance).assign(centred.mul(centred).mean(0));
    }

    static void forward(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y) {
        INDArray normal = normalised(x, mean, variance, epsilon);
        rowsOf(y).assign(activate(normal.mul(perChannel(gamma)).add(perChannel(beta)), activation));
    }

    /// @param dy the gradient at the normalised value, before the activation
    /// @return the gradient of gamma
    static INDArray backward(Tensor x, Tensor dy, Tensor gamma, float epsilon, Tensor mean, Tensor variance, Tensor dx) {
        INDArray normal = normalised(x, mean, variance, epsilon);
        INDArray gradient = rowsOf(dy);
        INDArray products = gradient.mul(normal);
        INDArray centred = gradient.sub(gradient.mean(0).reshape(1, gamma.size()))
                .sub(normal.mul(products.mean(0).reshape(1, gamma.size())));
        rowsOf(dx).assign(centred.mul(perChannel(gamma).div(deviation(variance, epsilon))));
        return products.sum(0);
    }

    private static INDArray normalised(Tensor x, Tensor mean, Tensor variance, float epsilon) {
        return rowsOf(x).sub(perChannel(mean)).div(deviation(variance, epsilon));
    }

    private static INDArray deviation(Tensor variance, float epsilon) {
        return Transforms.sqrt(perChannel(variance).add(epsilon));
    }
}
