package dev.vertigan.evaluation;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;

/// Samples of a data set in an order of their own, as a data set may be sorted by class. Pixels are in [0, 1].
record Reals(Dataset data) {

    private static final int AT_ONCE = 1024;
    private static final long SEED = 7;

    /// Samples [first, first + count) of the order, `[count, features]`.
    float[] read(long first, int count) {
        float[] reals = data.read(new BatchOrder(SEED, data.size()), first, count);
        Form.of(data).toUnit(reals);
        return reals;
    }

    /// Has a tally take these samples.
    Tally add(long first, int count, Tally tally, Patience patience) {
        for (int done = 0; done < count; done += AT_ONCE) {
            patience.check();
            tally.add(read(first + done, Math.min(AT_ONCE, count - done)));
        }
        return tally;
    }
}
