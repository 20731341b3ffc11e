package dev.vertigan.game;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Order;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// The data as the run's sequence of minibatches: one is a pure function of seed, branch and number, so any can be sought in O(1).
/// Not thread-safe.
public final class Minibatches {

    private static final int BRANCH = 48; // the bit of an index that it begins at

    private final Dataset dataset;
    private final long seed;
    private Order order; // of the branch that was read last
    private long branch;
    private final int batch;
    private final boolean labelled;
    private final float[] staged; // [batch · features]
    private volatile long used; // samples of the run, up to the newest minibatch

    /// @param labelled whether classes come with the samples
    public Minibatches(Dataset dataset, long seed, int batch, boolean labelled) {
        this.dataset = dataset;
        this.seed = seed;
        order = dataset.order(seed);
        this.batch = batch;
        this.labelled = labelled;
        this.staged = new float[Math.multiplyExact(batch, dataset.features())];
    }

    /// Room for a minibatch, `[batch, features]`.
    public Batch room(Kernels kernels) {
        return new Batch(kernels.allocate(batch, dataset.features()), labelled ? Optional.of(kernels.allocate(batch)) : Optional.empty(), 0);
    }

    /// The index of a branch's minibatch. Indices of a branch follow each other; those of branch 0 are the numbers.
    ///
    /// @param branch `game.branch`
    /// @param number minibatches used before it
    public static long index(int branch, long number) {
        return (long) branch << BRANCH | number;
    }

    /// Fills the room with the minibatch of an [index][#index].
    public void read(long index, Batch target) {
        if (index >>> BRANCH != branch) {
            branch = index >>> BRANCH;
            order = dataset.order(Order.seed(seed, branch));
        }
        long number = index & (1L << BRANCH) - 1;
        used = (number + 1) * batch;
        read(number, target.x());
        target.labels().ifPresent(labels -> {
            for (int i = 0; i < batch; i++) {
                labels.set(i, dataset.label(order.index(number * batch + i)));
            }
        });
    }

    /// Goes to a place of the run where that many minibatches were used.
    public void seek(long batches) {
        used = batches * batch;
    }

    /// The data as they are at the newest minibatch. May be asked on any thread.
    public Dataset now() {
        return dataset.after(used);
    }

    private void read(long number, Tensor target) {
        int features = dataset.features();
        for (int i = 0; i < batch; i++) {
            dataset.read(order.index(number * batch + i), staged, i * features);
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
