package dev.vertigan.evaluation;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import java.util.stream.IntStream;

/// Samples of a data set in an order of their own, as a data set may be sorted by class. Pixels are in [0, 1].
record Reals(Dataset data) {

    private static final int AT_ONCE = 128;
    private static final long SEED = 7;

    /// Samples [first, first + count) of the order, `[count, features]`.
    float[] read(long first, int count, Patience patience) {
        var order = new BatchOrder(SEED, data.size());
        float[] reals = new float[count * data.features()];
        for (int done = 0; done < count; done += AT_ONCE) {
            patience.check();
            float[] some = data.read(order, first + done, Math.min(AT_ONCE, count - done));
            System.arraycopy(some, 0, reals, done * data.features(), some.length);
        }
        Form.of(data).toUnit(reals);
        return reals;
    }

    /// Their classes, `[count]`; none if they have none.
    int[] classes(long first, int count) {
        var order = new BatchOrder(SEED, data.size());
        return data.classes() < 2 ? new int[0] : IntStream.range(0, count).map(i -> data.label(order.index(first + i))).toArray();
    }

    /// Has a tally take these samples, each as if its own class had been asked for.
    Tally add(long first, int count, Tally tally, Patience patience) {
        for (int done = 0; done < count; done += AT_ONCE) {
            int some = Math.min(AT_ONCE, count - done);
            tally.add(read(first + done, some, patience), classes(first + done, some));
        }
        return tally;
    }
}
