package dev.vertigan.data;

import java.util.Optional;

/// A data set: a pure function from index to sample, so that any place in it can be sought in O(1). Thread-safe.
public interface Dataset {

    /// What a sample is, and so how it is drawn.
    enum Kind {
        IMAGE, POINTS_1D, POINTS_2D,
        /// In three dimensions or more.
        POINTS;

        /// That of points with so many coordinates.
        static Kind ofPoints(int dimensions) {
            return dimensions == 1 ? POINTS_1D : dimensions == 2 ? POINTS_2D : POINTS;
        }
    }

    /// The name users give it, as in `mnist`.
    String name();

    Kind kind();

    /// A sample's shape without the batch: `[height, width, channels]`, or `[d]` of points with d coordinates.
    int[] shape();

    /// Samples in one epoch; indices are in [0, size).
    long size();

    /// Number of classes; 0 if there are no labels.
    default int classes() {
        return 0;
    }

    /// Writes sample `index` at `target[offset ...]`: pixels in [black, 1], or plain coordinates.
    ///
    /// @throws IndexOutOfBoundsException if the index is not in [0, size)
    /// @throws dev.vertigan.config.UserError if it is read from a file only now, and that is no good
    void read(long index, float[] target, int offset);

    /// Samples [first, first + count) of an order, `[count, features]`.
    ///
    /// @throws dev.vertigan.config.UserError as the other one does
    default float[] read(Order order, long first, int count) {
        float[] samples = new float[count * features()];
        for (int i = 0; i < count; i++) {
            read(order.index(first + i), samples, i * features());
        }
        return samples;
    }

    /// The class of sample `index`, in [0, classes); 0 if there are no labels.
    default int label(long index) {
        return 0;
    }

    /// What a black pixel is: 0, or −1; white is 1.
    default float black() {
        return 0;
    }

    /// What it is, to be held against what it was when a run began. Small sets are read for it, at some hundred megabytes a second.
    ///
    /// @throws dev.vertigan.config.UserError if a file cannot be read
    default Fingerprint fingerprint() {
        return Fingerprint.of(this);
    }

    /// Whether reading a sample is no more than copying it: then nobody need read ahead.
    default boolean inMemory() {
        return false;
    }

    /// The order that a run of that seed visits its samples in.
    default Order order(long seed) {
        return new BatchOrder(seed, size());
    }

    /// What it is like once a run has used that many samples of it: itself, unless it changes as it is trained on.
    default Dataset after(long samples) {
        return this;
    }

    /// The form of its rows, if it is a stream that others fill.
    default Optional<RowForm> streamed() {
        return Optional.empty();
    }

    /// The same, read from those rows if it is a stream.
    default Dataset reading(Rows rows) {
        return this;
    }

    /// Values in one sample.
    default int features() {
        int features = 1;
        for (int extent : shape()) {
            features *= extent;
        }
        return features;
    }
}
