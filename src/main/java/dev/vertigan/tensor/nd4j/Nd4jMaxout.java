package dev.vertigan.tensor.nd4j;

import static dev.vertigan.tensor.nd4j.Nd4jArrays.array;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.dataType;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.select;

import dev.vertigan.tensor.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Maxout in ND4J's operations, for [Nd4jKernels].
final class Nd4jMaxout {

    private Nd4jMaxout() {}

    static void forward(Tensor z, Tensor bias, Tensor y, Tensor winner, int pieces) {
        DataType type = dataType(z.type());
        INDArray values = array(z).add(array(bias).reshape(1, bias.size())).reshape(y.extent(0), y.extent(1), pieces);
        INDArray best = piece(values, 0);
        INDArray won = Nd4j.zeros(type, y.shape());
        for (int piece = 1; piece < pieces; piece++) {
            INDArray value = piece(values, piece);
            // A NaN wins against all but an earlier NaN.
            INDArray better = Transforms.or(value.gt(best), value.isNaN());
            INDArray settled = best.isNaN();
            won = select(settled, won, select(better, Nd4j.valueArrayOf(y.shape(), piece, type), won));
            best = select(settled, best, select(better, value, best));
        }
        array(y).assign(best);
        array(winner).assign(won);
    }

    private static INDArray piece(INDArray values, int piece) {
        return values.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(piece)).dup('c');
    }

    static void tangent(Tensor z, Tensor winner, Tensor y, int pieces) {
        long[] spread = {y.extent(0), y.extent(1), pieces};
        INDArray won = array(winner).reshape(y.extent(0), y.extent(1), 1).broadcast(spread);
        INDArray place = Nd4j.arange(pieces).castTo(dataType(y.type())).reshape(1, 1, pieces).broadcast(spread);
        array(y).assign(select(won.eq(place), array(z).reshape(spread), Nd4j.zeros(dataType(y.type()), spread)).sum(2));
    }

    static void backward(Tensor dy, Tensor winner, Tensor dz, int pieces) {
        long[] spread = {dy.extent(0), dy.extent(1), pieces};
        INDArray gradient = array(dy).reshape(dy.extent(0), dy.extent(1), 1).broadcast(spread);
        INDArray won = array(winner).reshape(dy.extent(0), dy.extent(1), 1).broadcast(spread);
        INDArray place = Nd4j.arange(pieces).castTo(dataType(dy.type())).reshape(1, 1, pieces).broadcast(spread);
        array(dz).assign(select(won.eq(place), gradient, Nd4j.zeros(dataType(dy.type()), spread)).reshape(dz.shape()));
    }
}
