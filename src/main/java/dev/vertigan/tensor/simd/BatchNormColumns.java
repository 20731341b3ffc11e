package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.SQRT;

import dev.vertigan.tensor.simd.SimdBatchNorm.Task;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Batch norm of some rows of `[n.., c]` for channels [from, to), whole vectors of them, one lane a channel. The columns stay in the first
/// cache over their passes.
final class BatchNormColumns {

    private BatchNormColumns() {}

    static void statistics(Task task, long from, long to) {
        long x = task.x();
        long row = 4L * task.channels(); // bytes
        long rows = row * task.rows();
        float share = 1f / task.rows();
        for (long c = from; c < to; c += L) {
            FloatVector sum = FloatVector.zero(F);
            for (long at = 4 * c; at < rows; at += row) {
                sum = sum.add(fromMemorySegment(F, ALL, x + at, ORDER));
            }
            FloatVector mean = sum.mul(share);
            FloatVector squares = FloatVector.zero(F);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector centred = fromMemorySegment(F, ALL, x + at, ORDER).sub(mean);
                squares = centred.fma(centred, squares);
            }
            mean.intoMemorySegment(ALL, task.mean() + 4 * c, ORDER);
            squares.mul(share).intoMemorySegment(ALL, task.variance() + 4 * c, ORDER);
        }
    }

    static void normalise(Task task, long from, long to) {
        long x = task.x();
        long y = task.y();
        float slope = task.bend().slope();
        VectorMask<Float> dead = F.maskAll(task.bend().dead());
        long row = 4L * task.channels();
        long rows = row * task.rows();
        for (long c = from; c < to; c += L) {
            FloatVector mean = fromMemorySegment(F, ALL, task.mean() + 4 * c, ORDER);
            FloatVector deviation = fromMemorySegment(F, ALL, task.variance() + 4 * c, ORDER).add(task.epsilon()).lanewise(SQRT);
            FloatVector scale = fromMemorySegment(F, ALL, task.gamma() + 4 * c, ORDER).div(deviation);
            FloatVector shift = fromMemorySegment(F, ALL, task.beta() + 4 * c, ORDER);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector value = fromMemorySegment(F, ALL, x + at, ORDER).sub(mean).fma(scale, shift);
                FloatVector bent = value.mul(slope).blend(0f, dead);
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(ALL, y + at, ORDER);
            }
        }
    }

    /// Sums of the gradient, and of its product with the normalised input, go to the task's sums and are added to the parameters' gradients.
    static void parameters(Task task, long from, long to) {
        long x = task.x();
        long y = task.y();
        long dy = task.dy();
        float slope = task.bend().slope();
        VectorMask<Float> dead = F.maskAll(task.bend().dead());
        long row = 4L * task.channels();
        long rows = row * task.rows();
        for (long c = from; c < to; c += L) {
            FloatVector mean = fromMemorySegment(F, ALL, task.mean() + 4 * c, ORDER);
            FloatVector sum = FloatVector.zero(F);
            FloatVector products = FloatVector.zero(F);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector gradient = fromMemorySegment(F, ALL, dy + at, ORDER);
                FloatVector bent = gradient.mul(slope).blend(0f, dead);
                gradient = gradient.blend(bent, fromMemorySegment(F, ALL, y + at, ORDER).compare(LE, 0f));
                gradient.intoMemorySegment(ALL, dy + at, ORDER);
                sum = sum.add(gradient);
                products = fromMemorySegment(F, ALL, x + at, ORDER).sub(mean).fma(gradient, products);
            }
            FloatVector deviation = fromMemorySegment(F, ALL, task.variance() + 4 * c, ORDER).add(task.epsilon()).lanewise(SQRT);
            FloatVector product = products.div(deviation);
            sum.intoMemorySegment(ALL, task.sums() + 4 * c, ORDER);
            product.intoMemorySegment(ALL, task.sums() + row + 4 * c, ORDER);
            fromMemorySegment(F, ALL, task.dbeta() + 4 * c, ORDER).add(sum).intoMemorySegment(ALL, task.dbeta() + 4 * c, ORDER);
            fromMemorySegment(F, ALL, task.dgamma() + 4 * c, ORDER).add(product).intoMemorySegment(ALL, task.dgamma() + 4 * c, ORDER);
        }
    }

    static void inputs(Task task, long from, long to) {
        long x = task.x();
        long dy = task.dy();
        long dx = task.dx();
        long row = 4L * task.channels();
        long rows = row * task.rows();
        float share = 1f / task.all();
        for (long c = from; c < to; c += L) {
            FloatVector deviation = fromMemorySegment(F, ALL, task.variance() + 4 * c, ORDER).add(task.epsilon()).lanewise(SQRT);
            FloatVector mean = fromMemorySegment(F, ALL, task.mean() + 4 * c, ORDER);
            FloatVector scale = fromMemorySegment(F, ALL, task.gamma() + 4 * c, ORDER).div(deviation);
            FloatVector meanGradient = fromMemorySegment(F, ALL, task.sums() + 4 * c, ORDER).mul(share);
            FloatVector slant = fromMemorySegment(F, ALL, task.sums() + row + 4 * c, ORDER).mul(share).div(deviation);
            for (long at = 4 * c; at < rows; at += row) {
                FloatVector leaning = fromMemorySegment(F, ALL, x + at, ORDER).sub(mean).mul(slant);
                FloatVector gradient = fromMemorySegment(F, ALL, dy + at, ORDER).sub(meanGradient).sub(leaning);
                gradient.mul(scale).intoMemorySegment(ALL, dx + at, ORDER);
            }
        }
    }
}
