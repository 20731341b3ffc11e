package dev.vertigan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.vertigan.tensor.SimdBatchNorm.Task;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Batch norm of `[n, c, s]` for one channel, lanes over positions.
final class BatchNormPlanes {

    private BatchNormPlanes() {}

    static void statistics(Task task, int channel) {
        int positions = task.positions();
        int whole = (int) Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = Lanes.before(whole, positions);
        float scale = 1f / ((float) task.rows() * positions);
        FloatVector sum = Lanes.zero();
        for (long row = 0; row < task.rows(); row++) {
            long at = plane(task, row, channel);
            for (int s = 0; s < whole; s += Lanes.L) {
                sum = sum.add(Lanes.load(task.x(), at + s));
            }
            if (whole < positions) {
                sum = sum.add(Lanes.load(task.x(), at + whole, rest));
            }
        }
        float mean = Lanes.sum(sum) * scale;
        FloatVector squares = Lanes.zero();
        for (long row = 0; row < task.rows(); row++) {
            long at = plane(task, row, channel);
            for (int s = 0; s < whole; s += Lanes.L) {
                FloatVector centred = Lanes.load(task.x(), at + s).sub(mean);
                squares = centred.fma(centred, squares);
            }
            if (whole < positions) {
                FloatVector centred = Lanes.zero().blend(Lanes.load(task.x(), at + whole, rest).sub(mean), rest);
                squares = centred.fma(centred, squares);
            }
        }
        task.mean().setAtIndex(JAVA_FLOAT, channel, mean);
        task.variance().setAtIndex(JAVA_FLOAT, channel, Lanes.sum(squares) * scale);
    }

    static void normalise(Task task, int channel) {
        Activation.Kind kind = task.activation().kind();
        float slope = task.activation().slope();
        int positions = task.positions();
        int whole = (int) Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = Lanes.before(whole, positions);
        float mean = at(task.mean(), channel);
        FloatVector scale = FloatVector.broadcast(Lanes.F, at(task.gamma(), channel) / deviation(task, channel));
        FloatVector shift = FloatVector.broadcast(Lanes.F, at(task.beta(), channel));
        for (long row = 0; row < task.rows(); row++) {
            long at = plane(task, row, channel);
            for (int s = 0; s < whole; s += Lanes.L) {
                FloatVector value = Lanes.load(task.x(), at + s).sub(mean).fma(scale, shift);
                Lanes.store(SimdActivations.apply(kind, slope, value), task.y(), at + s);
            }
            if (whole < positions) {
                FloatVector value = Lanes.load(task.x(), at + whole, rest).sub(mean).fma(scale, shift);
                Lanes.store(SimdActivations.apply(kind, slope, value), task.y(), at + whole, rest);
            }
        }
    }

    static void backward(Task task, int channel) {
        Activation.Kind kind = task.activation().kind();
        float slope = task.activation().slope();
        int positions = task.positions();
        int whole = (int) Lanes.wholeEnd(0, positions);
        VectorMask<Float> rest = Lanes.before(whole, positions);
        float mean = at(task.mean(), channel);
        float inverse = 1f / deviation(task, channel);
        FloatVector sum = Lanes.zero();
        FloatVector product = Lanes.zero();
        for (long row = 0; row < task.rows(); row++) {
            long at = plane(task, row, channel);
            for (int s = 0; s < whole; s += Lanes.L) {
                FloatVector gradient = SimdActivations.backward(kind, slope, Lanes.load(task.y(), at + s), Lanes.load(task.dy(), at + s));
                Lanes.store(gradient, task.dy(), at + s);
                sum = sum.add(gradient);
                product = Lanes.load(task.x(), at + s).sub(mean).fma(gradient, product);
            }
            if (whole < positions) {
                FloatVector gradient = SimdActivations.backward(kind, slope, Lanes.load(task.y(), at + whole, rest), Lanes.load(task.dy(), at + whole, rest));
                Lanes.store(gradient, task.dy(), at + whole, rest);
                sum = sum.add(gradient); // 0 in the lanes past the end
                product = Lanes.load(task.x(), at + whole, rest).sub(mean).fma(gradient, product);
            }
        }
        float dbeta = Lanes.sum(sum);
        float dgamma = Lanes.sum(product) * inverse;
        float share = 1f / ((float) task.rows() * positions);
        float meanGradient = dbeta * share;
        float slant = dgamma * share * inverse;
        float scale = at(task.gamma(), channel) * inverse;
        for (long row = 0; row < task.rows(); row++) {
            long at = plane(task, row, channel);
            for (int s = 0; s < whole; s += Lanes.L) {
                FloatVector gradient = Lanes.load(task.dy(), at + s).sub(meanGradient).sub(Lanes.load(task.x(), at + s).sub(mean).mul(slant));
                Lanes.store(gradient.mul(scale), task.dx(), at + s);
            }
            if (whole < positions) {
                FloatVector gradient = Lanes.load(task.dy(), at + whole, rest).sub(meanGradient)
                        .sub(Lanes.load(task.x(), at + whole, rest).sub(mean).mul(slant));
                Lanes.store(gradient.mul(scale), task.dx(), at + whole, rest);
            }
        }
        task.dbeta().setAtIndex(JAVA_FLOAT, channel, at(task.dbeta(), channel) + dbeta);
        task.dgamma().setAtIndex(JAVA_FLOAT, channel, at(task.dgamma(), channel) + dgamma);
    }

    private static long plane(Task task, long row, int channel) {
        return (row * task.channels() + channel) * task.positions();
    }

    private static float at(MemorySegment memory, int channel) {
        return memory.getAtIndex(JAVA_FLOAT, channel);
    }

    private static float deviation(Task task, int channel) {
        return (float) Math.sqrt(at(task.variance(), channel) + task.epsilon());
    }
}
