package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.SQRT;

import dev.vertigan.tensor.SimdBatchNorm.Task;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Batch norm of `[n, c]` for channels [from, to), one lane a channel. A vector's column stays in the first cache over its passes.
final class BatchNormColumns {

    private BatchNormColumns() {}

    static void statistics(Task task, long from, long to) {
        MemorySegment x = task.x();
        long row = 4L * task.channels(); // bytes
        long rows = row * task.rows();
        float share = 1f / task.rows();
        for (long c = from; c < to; c += L) {
            VectorMask<Float> mask = F.indexInRange(c, to);
            FloatVector sum = FloatVector.zero(F);
            for (long at = 4 * c; at < rows; at += row) {
                sum = sum.add(fromMemorySegment(F, x, at, ORDER, mask));
            }
            FloatVector mean = sum.mul(share);
            FloatVector squares = FloatVector.zero(F);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector centred = fromMemorySegment(F, x, at, ORDER, mask).sub(mean);
                squares = centred.fma(centred, squares);
            }
            mean.intoMemorySegment(task.mean(), 4 * c, ORDER, mask);
            squares.mul(share).intoMemorySegment(task.variance(), 4 * c, ORDER, mask);
        }
    }

    static void normalise(Task task, long from, long to) {
        MemorySegment x = task.x();
        MemorySegment y = task.y();
        float slope = task.bend().slope();
        int keep = task.bend().keep();
        long row = 4L * task.channels();
        long rows = row * task.rows();
        for (long c = from; c < to; c += L) {
            VectorMask<Float> mask = F.indexInRange(c, to);
            FloatVector mean = fromMemorySegment(F, task.mean(), 4 * c, ORDER, mask);
            FloatVector deviation = fromMemorySegment(F, task.variance(), 4 * c, ORDER, mask).add(task.epsilon()).lanewise(SQRT);
            FloatVector scale = fromMemorySegment(F, task.gamma(), 4 * c, ORDER, mask).div(deviation);
            FloatVector shift = fromMemorySegment(F, task.beta(), 4 * c, ORDER, mask);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector value = fromMemorySegment(F, x, at, ORDER, mask).sub(mean).fma(scale, shift);
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(y, at, ORDER, mask);
            }
        }
    }

    /// Sums of the gradient, and of its product with the normalised input, go to the task's sums and are added to the parameters' gradients.
    static void parameters(Task task, long from, long to) {
        MemorySegment x = task.x();
        MemorySegment y = task.y();
        MemorySegment dy = task.dy();
        float slope = task.bend().slope();
        int keep = task.bend().keep();
        long row = 4L * task.channels();
        long rows = row * task.rows();
        for (long c = from; c < to; c += L) {
            VectorMask<Float> mask = F.indexInRange(c, to);
            FloatVector mean = fromMemorySegment(F, task.mean(), 4 * c, ORDER, mask);
            FloatVector sum = FloatVector.zero(F);
            FloatVector products = FloatVector.zero(F);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector gradient = fromMemorySegment(F, dy, at, ORDER, mask);
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, y, at, ORDER, mask).compare(LE, 0f));
                gradient.intoMemorySegment(dy, at, ORDER, mask);
                sum = sum.add(gradient);
                products = fromMemorySegment(F, x, at, ORDER, mask).sub(mean).fma(gradient, products);
            }
            FloatVector deviation = fromMemorySegment(F, task.variance(), 4 * c, ORDER, mask).add(task.epsilon()).lanewise(SQRT);
            FloatVector product = products.div(deviation);
            sum.intoMemorySegment(task.sums(), 4 * c, ORDER, mask);
            product.intoMemorySegment(task.sums(), row + 4 * c, ORDER, mask);
            fromMemorySegment(F, task.dbeta(), 4 * c, ORDER, mask).add(sum).intoMemorySegment(task.dbeta(), 4 * c, ORDER, mask);
            fromMemorySegment(F, task.dgamma(), 4 * c, ORDER, mask).add(product).intoMemorySegment(task.dgamma(), 4 * c, ORDER, mask);
        }
    }

    static void inputs(Task task, long from, long to) {
        MemorySegment x = task.x();
        MemorySegment dy = task.dy();
        MemorySegment dx = task.dx();
        long row = 4L * task.channels();
        long rows = row * task.rows();
        float share = 1f / task.rows();
        for (long c = from; c < to; c += L) {
            VectorMask<Float> mask = F.indexInRange(c, to);
            FloatVector deviation = fromMemorySegment(F, task.variance(), 4 * c, ORDER, mask).add(task.epsilon()).lanewise(SQRT);
            FloatVector mean = fromMemorySegment(F, task.mean(), 4 * c, ORDER, mask);
            FloatVector scale = fromMemorySegment(F, task.gamma(), 4 * c, ORDER, mask).div(deviation);
            FloatVector meanGradient = fromMemorySegment(F, task.sums(), 4 * c, ORDER, mask).mul(share);
            FloatVector slant = fromMemorySegment(F, task.sums(), row + 4 * c, ORDER, mask).mul(share).div(deviation);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector leaning = fromMemorySegment(F, x, at, ORDER, mask).sub(mean).mul(slant);
                FloatVector gradient = fromMemorySegment(F, dy, at, ORDER, mask).sub(meanGradient).sub(leaning);
                gradient.mul(scale).intoMemorySegment(dx, at, ORDER, mask);
            }
        }
    }
}
