package dev.vertigan.train;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Order;

/// Some reals, to hold the fakes against.
final class Specimens {

    private Specimens() {}

    /// In the order that they are trained on, since a data set may be sorted by class.
    ///
    /// @param classes 0, or number i is of class i mod `classes`, as far as there are as many
    /// @return `[count, features]`
    static float[] of(Dataset dataset, int count, Order order, int classes) {
        int features = dataset.features();
        var samples = new float[count * features];
        long place = 0;
        var next = new long[Math.max(1, classes)]; // where to look on for each class
        for (int i = 0; i < count; i++) {
            int wanted = i % next.length;
            long index = classes == 0 ? order.index(place++) : find(dataset, order, next, wanted);
            dataset.read(index, samples, i * features);
        }
        return samples;
    }

    private static long find(Dataset dataset, Order order, long[] next, int wanted) {
        for (long place = next[wanted]; place < dataset.size(); place++) {
            long index = order.index(place);
            if (dataset.label(index) == wanted) {
                next[wanted] = place + 1;
                return index;
            }
        }
        next[wanted] = 0; // all shown: from the first again
        return order.index(0);
    }
}
