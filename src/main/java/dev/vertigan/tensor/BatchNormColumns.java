package dev.vertigan.tensor;

import static jdk.incubator.vector.VectorOperators.SQRT;

import dev.vertigan.tensor.SimdBatchNorm.Task;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Batch norm of `[n, c]` for channels [from, to), one lane a channel. A vector's column stays in the first cache over all its passes.
final class BatchNormColumns {

    private BatchNormColumns() {}

    static void statistics(Task task, long from, long to) {
        float scale = 1f / task.rows();
        for (long c = from; c < to; c += Lanes.L) {
            VectorMask<Float> mask = Lanes.before(c, to);
            FloatVector sum = Lanes.zero();
            for (long row = 0; row < task.rows(); row++) {
                sum = sum.add(Lanes.load(task.x(), row * task.channels() + c, mask));
            }
            FloatVector mean = sum.mul(scale);
            FloatVector squares = Lanes.zero();
            for (long row = 0; row < task.rows(); row++) {
                FloatVector centred = Lanes.load(task.x(), row * task.channels() + c, mask).sub(mean);
                squares = centred.fma(centred, squares);
            }
            Lanes.store(mean, task.mean(), c, mask);
            Lanes.store(squares.mul(scale), task.variance(), c, mask);
        }
    }

    static void normalise(Task task, long from, long to) {
        Activation.Kind kind = task.activation().kind();
        float slope = task.activation().slope();
        for (long c = from; c < to; c += Lanes.L) {
            VectorMask<Float> mask = Lanes.before(c, to);
            FloatVector mean = Lanes.load(task.mean(), c, mask);
            FloatVector scale = Lanes.load(task.gamma(), c, mask).div(deviation(task, c, mask));
            FloatVector shift = Lanes.load(task.beta(), c, mask);
            for (long row = 0; row < task.rows(); row++) {
                long at = row * task.channels() + c;
                FloatVector value = Lanes.load(task.x(), at, mask).sub(mean).fma(scale, shift);
                Lanes.store(SimdActivations.apply(kind, slope, value), task.y(), at, mask);
            }
        }
    }

    static void backward(Task task, long from, long to) {
        Activation.Kind kind = task.activation().kind();
        float slope = task.activation().slope();
        float share = 1f / task.rows();
        for (long c = from; c < to; c += Lanes.L) {
            VectorMask<Float> mask = Lanes.before(c, to);
            FloatVector mean = Lanes.load(task.mean(), c, mask);
            FloatVector inverse = FloatVector.broadcast(Lanes.F, 1f).div(deviation(task, c, mask));
            FloatVector dbeta = Lanes.zero();
            FloatVector dgamma = Lanes.zero();
            for (long row = 0; row < task.rows(); row++) {
                long at = row * task.channels() + c;
                FloatVector gradient = SimdActivations.backward(kind, slope, Lanes.load(task.y(), at, mask), Lanes.load(task.dy(), at, mask));
                Lanes.store(gradient, task.dy(), at, mask);
                dbeta = dbeta.add(gradient);
                dgamma = Lanes.load(task.x(), at, mask).sub(mean).mul(inverse).fma(gradient, dgamma);
            }
            FloatVector scale = Lanes.load(task.gamma(), c, mask).mul(inverse);
            FloatVector meanGradient = dbeta.mul(share);
            FloatVector slant = dgamma.mul(share).mul(inverse);
            for (long row = 0; row < task.rows(); row++) {
                long at = row * task.channels() + c;
                FloatVector gradient = Lanes.load(task.dy(), at, mask).sub(meanGradient);
                gradient = gradient.sub(Lanes.load(task.x(), at, mask).sub(mean).mul(slant)).mul(scale);
                Lanes.store(gradient, task.dx(), at, mask);
            }
            Lanes.store(Lanes.load(task.dbeta(), c, mask).add(dbeta), task.dbeta(), c, mask);
            Lanes.store(Lanes.load(task.dgamma(), c, mask).add(dgamma), task.dgamma(), c, mask);
        }
    }

    private static FloatVector deviation(Task task, long c, VectorMask<Float> mask) {
        return Lanes.load(task.variance(), c, mask).add(task.epsilon()).lanewise(SQRT);
    }
}
