package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.vertigan.tensor.simd.SimdBatchNorm.Task;

/// [BatchNormColumns] for the channels left after the whole vectors, one by one.
final class BatchNormTail {

    private BatchNormTail() {}

    private static float get(long address, long channel) {
        return ALL.get(JAVA_FLOAT, address + 4 * channel);
    }

    private static void set(long address, long channel, float value) {
        ALL.set(JAVA_FLOAT, address + 4 * channel, value);
    }

    private static float deviation(Task task, long channel) {
        return (float) Math.sqrt(get(task.variance(), channel) + task.epsilon());
    }

    static void statistics(Task task, long from, long to) {
        float share = 1f / task.rows();
        long end = (long) task.rows() * task.channels();
        for (long c = from; c < to; c++) {
            float sum = 0;
            for (long i = c; i < end; i += task.channels()) {
                sum += get(task.x(), i);
            }
            float mean = sum * share;
            float squares = 0;
            for (long i = c; i < end; i += task.channels()) {
                float centred = get(task.x(), i) - mean;
                squares = Math.fma(centred, centred, squares);
            }
            set(task.mean(), c, mean);
            set(task.variance(), c, squares * share);
        }
    }

    static void normalise(Task task, long from, long to) {
        long end = (long) task.rows() * task.channels();
        for (long c = from; c < to; c++) {
            float mean = get(task.mean(), c);
            float scale = get(task.gamma(), c) / deviation(task, c);
            float shift = get(task.beta(), c);
            for (long i = c; i < end; i += task.channels()) {
                float value = Math.fma(get(task.x(), i) - mean, scale, shift);
                set(task.y(), i, task.bend().apply(value, value));
            }
        }
    }

    static void parameters(Task task, long from, long to) {
        long end = (long) task.rows() * task.channels();
        for (long c = from; c < to; c++) {
            float mean = get(task.mean(), c);
            float sum = 0;
            float products = 0;
            for (long i = c; i < end; i += task.channels()) {
                float gradient = task.bend().apply(get(task.dy(), i), get(task.y(), i));
                set(task.dy(), i, gradient);
                sum += gradient;
                products = Math.fma(get(task.x(), i) - mean, gradient, products);
            }
            float product = products / deviation(task, c);
            set(task.sums(), c, sum);
            set(task.sums(), task.channels() + c, product);
            set(task.dbeta(), c, get(task.dbeta(), c) + sum);
            set(task.dgamma(), c, get(task.dgamma(), c) + product);
        }
    }

    static void inputs(Task task, long from, long to) {
        float share = 1f / task.all();
        long end = (long) task.rows() * task.channels();
        for (long c = from; c < to; c++) {
            float deviation = deviation(task, c);
            float mean = get(task.mean(), c);
            float scale = get(task.gamma(), c) / deviation;
            float meanGradient = get(task.sums(), c) * share;
            float slant = get(task.sums(), task.channels() + c) * share / deviation;
            for (long i = c; i < end; i += task.channels()) {
                float leaning = (get(task.x(), i) - mean) * slant;
                set(task.dx(), i, (get(task.dy(), i) - meanGradient - leaning) * scale);
            }
        }
    }
}
