package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.vertigan.tensor.SimdBatchNorm.Task;
import jdk.incubator.vector.FloatVector;

/// Batch norm of `[n, c, s]` for one channel, lanes over positions; what is left of a plane after the whole vectors goes one by one.
final class BatchNormPlanes {

    private BatchNormPlanes() {}

    static void statistics(Task task, int channel) {
        float share = 1f / ((float) task.rows() * task.positions());
        float mean = sum(task, channel) * share;
        ALL.set(JAVA_FLOAT, task.mean() + 4L * channel, mean);
        ALL.set(JAVA_FLOAT, task.variance() + 4L * channel, squares(task, channel, mean) * share);
    }

    private static float sum(Task task, int channel) {
        long x = task.x();
        int whole = task.whole();
        FloatVector sum = FloatVector.zero(F);
        float rest = 0;
        for (long row = 0; row < task.rows(); row++) {
            long at = task.plane(row, channel);
            for (int s = 0; s < 4 * whole; s += BYTES) {
                sum = sum.add(fromMemorySegment(F, ALL, x + 4 * at + s, ORDER));
            }
            for (int s = whole; s < task.positions(); s++) {
                rest += ALL.get(JAVA_FLOAT, x + 4L * (at + s));
            }
        }
        return Lanes.sum(sum) + rest;
    }

    private static float squares(Task task, int channel, float mean) {
        long x = task.x();
        int whole = task.whole();
        FloatVector squares = FloatVector.zero(F);
        float rest = 0;
        for (long row = 0; row < task.rows(); row++) {
            long at = task.plane(row, channel);
            for (int s = 0; s < 4 * whole; s += BYTES) {
                FloatVector centred = fromMemorySegment(F, ALL, x + 4 * at + s, ORDER).sub(mean);
                squares = centred.fma(centred, squares);
            }
            for (int s = whole; s < task.positions(); s++) {
                float centred = ALL.get(JAVA_FLOAT, x + 4L * (at + s)) - mean;
                rest = Math.fma(centred, centred, rest);
            }
        }
        return Lanes.sum(squares) + rest;
    }

    static void normalise(Task task, int channel) {
        long x = task.x();
        long y = task.y();
        float slope = task.bend().slope();
        int keep = task.bend().keep();
        float mean = ALL.get(JAVA_FLOAT, task.mean() + 4L * channel);
        float scale = ALL.get(JAVA_FLOAT, task.gamma() + 4L * channel) / deviation(task, channel);
        float shift = ALL.get(JAVA_FLOAT, task.beta() + 4L * channel);
        int whole = task.whole();
        for (long row = 0; row < task.rows(); row++) {
            long at = task.plane(row, channel);
            for (int s = 0; s < 4 * whole; s += BYTES) {
                FloatVector value = fromMemorySegment(F, ALL, x + 4 * at + s, ORDER).sub(mean).fma(broadcast(F, scale), broadcast(F, shift));
                FloatVector bent = value.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                value.blend(bent, value.compare(LE, 0f)).intoMemorySegment(ALL, y + 4 * at + s, ORDER);
            }
            for (int s = whole; s < task.positions(); s++) {
                float value = Math.fma(ALL.get(JAVA_FLOAT, x + 4L * (at + s)) - mean, scale, shift);
                ALL.set(JAVA_FLOAT, y + 4L * (at + s), task.bend().apply(value, value));
            }
        }
    }

    /// Sums of the gradient, and of its product with the normalised input, go to the task's sums and are added to the parameters' gradients.
    static void parameters(Task task, int channel) {
        long x = task.x();
        long y = task.y();
        long dy = task.dy();
        float slope = task.bend().slope();
        int keep = task.bend().keep();
        float mean = ALL.get(JAVA_FLOAT, task.mean() + 4L * channel);
        FloatVector sum = FloatVector.zero(F);
        FloatVector products = FloatVector.zero(F);
        float restSum = 0;
        float restProducts = 0;
        int whole = task.whole();
        for (long row = 0; row < task.rows(); row++) {
            long at = task.plane(row, channel);
            for (int s = 0; s < 4 * whole; s += BYTES) {
                FloatVector gradient = fromMemorySegment(F, ALL, dy + 4 * at + s, ORDER);
                FloatVector bent = gradient.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
                gradient = gradient.blend(bent, fromMemorySegment(F, ALL, y + 4 * at + s, ORDER).compare(LE, 0f));
                gradient.intoMemorySegment(ALL, dy + 4 * at + s, ORDER);
                sum = sum.add(gradient);
                products = fromMemorySegment(F, ALL, x + 4 * at + s, ORDER).sub(mean).fma(gradient, products);
            }
            for (int s = whole; s < task.positions(); s++) {
                float gradient = task.bend().apply(ALL.get(JAVA_FLOAT, dy + 4L * (at + s)), ALL.get(JAVA_FLOAT, y + 4L * (at + s)));
                ALL.set(JAVA_FLOAT, dy + 4L * (at + s), gradient);
                restSum += gradient;
                restProducts = Math.fma(ALL.get(JAVA_FLOAT, x + 4L * (at + s)) - mean, gradient, restProducts);
            }
        }
        float total = Lanes.sum(sum) + restSum;
        float product = (Lanes.sum(products) + restProducts) / deviation(task, channel);
        ALL.set(JAVA_FLOAT, task.sums() + 4L * channel, total);
        ALL.set(JAVA_FLOAT, task.sums() + 4L * (task.channels() + channel), product);
        ALL.set(JAVA_FLOAT, task.dbeta() + 4L * channel, ALL.get(JAVA_FLOAT, task.dbeta() + 4L * channel) + total);
        ALL.set(JAVA_FLOAT, task.dgamma() + 4L * channel, ALL.get(JAVA_FLOAT, task.dgamma() + 4L * channel) + product);
    }

    static void inputs(Task task, int channel) {
        long x = task.x();
        long dy = task.dy();
        long dx = task.dx();
        float share = 1f / ((float) task.rows() * task.positions());
        float deviation = deviation(task, channel);
        float mean = ALL.get(JAVA_FLOAT, task.mean() + 4L * channel);
        float scale = ALL.get(JAVA_FLOAT, task.gamma() + 4L * channel) / deviation;
        float meanGradient = ALL.get(JAVA_FLOAT, task.sums() + 4L * channel) * share;
        float slant = ALL.get(JAVA_FLOAT, task.sums() + 4L * (task.channels() + channel)) * share / deviation;
        int whole = task.whole();
        for (long row = 0; row < task.rows(); row++) {
            long at = task.plane(row, channel);
            for (int s = 0; s < 4 * whole; s += BYTES) {
                FloatVector leaning = fromMemorySegment(F, ALL, x + 4 * at + s, ORDER).sub(mean).mul(slant);
                FloatVector gradient = fromMemorySegment(F, ALL, dy + 4 * at + s, ORDER).sub(meanGradient).sub(leaning);
                gradient.mul(scale).intoMemorySegment(ALL, dx + 4 * at + s, ORDER);
            }
            for (int s = whole; s < task.positions(); s++) {
                float leaning = (ALL.get(JAVA_FLOAT, x + 4L * (at + s)) - mean) * slant;
                ALL.set(JAVA_FLOAT, dx + 4L * (at + s), (ALL.get(JAVA_FLOAT, dy + 4L * (at + s)) - meanGradient - leaning) * scale);
            }
        }
    }

    private static float deviation(Task task, int channel) {
        return (float) Math.sqrt(ALL.get(JAVA_FLOAT, task.variance() + 4L * channel) + task.epsilon());
    }
}
