package dev.vertigan.game;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The data as the run's sequence of minibatches: number `index` is a pure function of (seed, index), so any can be sought in O(1).
/// Not thread-safe.
public final class Minibatches {

    private final Dataset dataset;
    private final BatchOrder order;
    private final int batch;
    private final float[] staged; // [batch · features]

    public Minibatches(Dataset dataset, long seed, int batch) {
        this.dataset = dataset;
        this.order = new BatchOrder(seed, dataset.size());
        this.batch = batch;
        this.staged = new float[Math.multiplyExact(batch, dataset.features())];
    }

    /// Fills `target[batch, features]` with minibatch number `index`.
    public void read(long index, Tensor target) {
        int features = dataset.features();
        for (int i = 0; i < batch; i++) {
            dataset.read(order.index(index * batch + i), staged, i * features);
        }
        if (target.type() == ElementType.FLOAT32) {
            MemorySegment.copy(staged, 0, target.segment(), ValueLayout.JAVA_FLOAT, 0, staged.length);
        } else {
            for (int i = 0; i < staged.length; i++) {
                target.set(i, staged[i]);
            }
        }
    }
}
