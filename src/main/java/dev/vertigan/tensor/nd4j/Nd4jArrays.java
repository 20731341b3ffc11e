package dev.vertigan.tensor.nd4j;

import dev.vertigan.tensor.Access;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// What [Nd4jKernels] are built of.
final class Nd4jArrays {

    private Nd4jArrays() {}

    /// A tensor for ND4J: the same memory on the CPU, a copy on a device, good until [Tensor#segment], [Tensor#get] or [Tensor#set] is called
    /// again. The first call in a process starts ND4J (a second or more).
    static INDArray array(Tensor tensor) {
        var type = dataType(tensor.type());
        if (tensor.size() == 0) {
            return Nd4j.create(type, tensor.shape());
        }
        var buffer = tensor.mirror(Nd4jMirror.class, host -> new Nd4jMirror(type, host, false), Access.UPDATE).buffer();
        return Nd4j.create(buffer, tensor.shape(), Nd4j.getStrides(tensor.shape(), 'c'), tensor.offset(), 'c');
    }

    /// A zero-filled tensor whose elements ND4J has apart from the host, as they are on a device, even on the CPU.
    static Tensor allocateApart(ElementType type, long... shape) {
        var tensor = Tensor.allocate(type, shape);
        tensor.mirror(Nd4jMirror.class, host -> new Nd4jMirror(dataType(type), host, true), Access.READ);
        return tensor;
    }

    /// ND4J's name for it.
    static DataType dataType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT;
            case FLOAT64 -> DataType.DOUBLE;
        };
    }

    static INDArray activate(INDArray x, Activation activation) {
        return switch (activation.kind()) {
            case LINEAR -> x;
            case RELU -> select(x.lte(0), Nd4j.zerosLike(x), x);
            case LEAKY_RELU -> select(x.lte(0), x.mul(activation.slope()), x);
            case TANH -> Transforms.tanh(x);
            case SIGMOID -> Transforms.sigmoid(x);
        };
    }

    static INDArray derive(INDArray y, INDArray dy, Activation activation) {
        return switch (activation.kind()) {
            case LINEAR -> dy;
            case RELU -> select(y.lte(0), Nd4j.zerosLike(dy), dy);
            case LEAKY_RELU -> select(y.lte(0), dy.mul(activation.slope()), dy);
            case TANH -> dy.mul(y.mul(y).rsub(1));
            case SIGMOID -> dy.mul(y).mul(y.rsub(1));
        };
    }

    static INDArray select(INDArray condition, INDArray whereTrue, INDArray whereFalse) {
        INDArray out = Nd4j.create(whereTrue.dataType(), whereTrue.shape());
        run("select", out, new int[0], condition.dup('c'), whereTrue.dup('c'), whereFalse.dup('c'));
        return out;
    }

    static void run(String operation, INDArray out, int[] arguments, INDArray... inputs) {
        Nd4j.exec(DynamicCustomOp.builder(operation).addInputs(inputs).addOutputs(out).addIntegerArguments(arguments).build());
    }

    /// `[n, c]` of `[n.., c]`.
    static INDArray rowsOf(Tensor x) {
        return array(x).reshape(Shapes.rows(x), x.extent(x.rank() - 1));
    }

    static INDArray perChannel(Tensor x) {
        return array(x).reshape(1, x.size());
    }

    static void put(Tensor target, INDArray value, boolean accumulate) {
        if (target.size() > 0) {
            INDArray array = array(target);
            array.assign(accumulate ? array.add(value.reshape(array.shape())) : value.reshape(array.shape()));
        }
    }

    /// The sum of squares of each.
    static void squares(Tensor out, INDArray... of) {
        for (int i = 0; i < of.length; i++) {
            out.set(i, squares(of[i]));
        }
    }

    static double squares(INDArray x) {
        INDArray values = x.castTo(DataType.DOUBLE);
        return values.mul(values).sumNumber().doubleValue();
    }
}
