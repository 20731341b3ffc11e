package dev.vertigan.data;

import java.util.Optional;

/// Images with pixels in [−1, 1] instead of [0, 1]: the one place that knows of it.
///
/// @param origin images with pixels in [0, 1]
record SymmetricPixels(Dataset origin) implements DerivedDataset {

    @Override
    public void read(long index, float[] target, int offset) {
        origin.read(index, target, offset);
        for (int i = offset; i < offset + features(); i++) {
            target[i] = 2 * target[i] - 1;
        }
    }

    @Override
    public float black() {
        return -1;
    }

    @Override
    public Fingerprint fingerprint() {
        return origin.fingerprint();
    }

    @Override
    public Order order(long seed) {
        return origin.order(seed);
    }

    @Override
    public Dataset after(long samples) {
        return new SymmetricPixels(origin.after(samples));
    }

    @Override
    public Optional<RowForm> streamed() {
        return origin.streamed();
    }

    @Override
    public Dataset reading(Rows rows) {
        return new SymmetricPixels(origin.reading(rows));
    }
}
