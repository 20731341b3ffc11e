package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.vertigan.tensor.SimdBatchNorm.Task;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Batch norm of `[n, c, s]` for one channel, lanes over positions.
final class BatchNormPlanes {

    private BatchNormPlanes() {}

    static void statistics(Task task, int channel) {
        MemorySegment x = task.x();
        float share = 1f / ((float) task.rows() * task.positions());
        FloatVector sum = FloatVector.zero(F);
        for (long row = 0; row < task.rows(); row++) {
            long end = task.end(row, channel);
            for (long i = end - task.positions(); i < end; i += L) {
                sum = sum.add(fromMemorySegment(F, x, 4 * i, ORDER, F.indexInRange(i, end)));
            }
        }
        float mean = Lanes.sum(sum) * share;
        FloatVector squares = FloatVector.zero(F);
        for (long row = 0; row < task.rows(); row++) {
            long end = task.end(row, channel);
            for (long i = end - task.positions(); i < end; i += L) {
                VectorMask<Float> mask = F.indexInRange(i, end);
                FloatVector centred = fromMemorySegment(F, x, 4 * i, ORDER, mask).sub(mean);
                squares = squares.blend(centred.fma(centred, squares), mask);
            }
        }
        task.mean().setAtIndex(JAVA_FLOAT, channel, mean);
        task.variance().setAtIndex(JAVA_FLOAT, channel, Lanes.sum(squares) * share);
    }

    static void normalise(Task task, int channel) {
        MemorySegment x = task.x();
        MemorySegment y = task.y();
        float slope = task.bend().slope();
        int keep = task.bend().keep();
        FloatVector mean = broadcast(F, task.mean().getAtIndex(JAVA_FLOAT, channel));
        FloatVector scale = broadcast(F, task.gamma().getAtIndex(JAVA_FLOAT, channel) / deviation(task, channel));
        FloatVector shift = broadcast(F, task.beta().getAtIndex(JAVA_FLOAT, channel));
        for (long row = 0; row < task.rows(); row++) {
            long end = task.end(row, channel);
            for (long i = end - task.positions(); i < end; i += L) {
                VectorMask<Float> mask = F.indexInRange(i, end);
                FloatVector value = fromMemorySegment(F, x, 4 * i, ORDER, mask).sub(mean).fma(scale, shift);
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(y, 4 * i, ORDER, mask);
            }
        }
    }

    /// Sums of the gradient, and of its product with the normalised input, go to the task's sums and are added to the parameters' gradients.
    static void parameters(Task task, int channel) {
        MemorySegment x = task.x();
        MemorySegment y = task.y();
        MemorySegment dy = task.dy();
        float slope = task.bend().slope();
        int keep = task.bend().keep();
        FloatVector mean = broadcast(F, task.mean().getAtIndex(JAVA_FLOAT, channel));
        FloatVector sum = FloatVector.zero(F);
        FloatVector products = FloatVector.zero(F);
        for (long row = 0; row < task.rows(); row++) {
            long end = task.end(row, channel);
            for (long i = end - task.positions(); i < end; i += L) {
                VectorMask<Float> mask = F.indexInRange(i, end);
                FloatVector gradient = fromMemorySegment(F, dy, 4 * i, ORDER, mask); // 0 in the lanes past the end
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, y, 4 * i, ORDER, mask).compare(LE, 0f));
                gradient.intoMemorySegment(dy, 4 * i, ORDER, mask);
                sum = sum.add(gradient);
                products = fromMemorySegment(F, x, 4 * i, ORDER, mask).sub(mean).fma(gradient, products);
            }
        }
        float total = Lanes.sum(sum);
        float product = Lanes.sum(products) / deviation(task, channel);
        task.sums().setAtIndex(JAVA_FLOAT, channel, total);
        task.sums().setAtIndex(JAVA_FLOAT, task.channels() + channel, product);
        task.dbeta().setAtIndex(JAVA_FLOAT, channel, task.dbeta().getAtIndex(JAVA_FLOAT, channel) + total);
        task.dgamma().setAtIndex(JAVA_FLOAT, channel, task.dgamma().getAtIndex(JAVA_FLOAT, channel) + product);
    }

    static void inputs(Task task, int channel) {
        MemorySegment x = task.x();
        MemorySegment dy = task.dy();
        MemorySegment dx = task.dx();
        float share = 1f / ((float) task.rows() * task.positions());
        float deviation = deviation(task, channel);
        FloatVector mean = broadcast(F, task.mean().getAtIndex(JAVA_FLOAT, channel));
        FloatVector scale = broadcast(F, task.gamma().getAtIndex(JAVA_FLOAT, channel) / deviation);
        FloatVector meanGradient = broadcast(F, task.sums().getAtIndex(JAVA_FLOAT, channel) * share);
        FloatVector slant = broadcast(F, task.sums().getAtIndex(JAVA_FLOAT, task.channels() + channel) * share / deviation);
        for (long row = 0; row < task.rows(); row++) {
            long end = task.end(row, channel);
            for (long i = end - task.positions(); i < end; i += L) {
                VectorMask<Float> mask = F.indexInRange(i, end);
                FloatVector leaning = fromMemorySegment(F, x, 4 * i, ORDER, mask).sub(mean).mul(slant);
                FloatVector gradient = fromMemorySegment(F, dy, 4 * i, ORDER, mask).sub(meanGradient).sub(leaning);
                gradient.mul(scale).intoMemorySegment(dx, 4 * i, ORDER, mask);
            }
        }
    }

    private static float deviation(Task task, int channel) {
        return (float) Math.sqrt(task.variance().getAtIndex(JAVA_FLOAT, channel) + task.epsilon());
    }
}
