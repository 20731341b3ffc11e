package dev.vertigan.data;

import java.util.Optional;

/// Images with pixels in [−1, 1] instead of [0, 1]: the one place that knows of it.
///
/// @param images of pixels in [0, 1]
record SymmetricPixels(Dataset images) implements Dataset {

    @Override
    public void read(long index, float[] target, int offset) {
        images.read(index, target, offset);
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
        return images.fingerprint();
    }

    @Override
    public String name() {
        return images.name();
    }

    @Override
    public Kind kind() {
        return images.kind();
    }

    @Override
    public int[] shape() {
        return images.shape();
    }

    @Override
    public int features() {
        return images.features();
    }

    @Override
    public long size() {
        return images.size();
    }

    @Override
    public int classes() {
        return images.classes();
    }

    @Override
    public int label(long index) {
        return images.label(index);
    }

    @Override
    public Order order(long seed) {
        return images.order(seed);
    }

    @Override
    public Dataset after(long samples) {
        return new SymmetricPixels(images.after(samples));
    }

    @Override
    public Optional<RowForm> streamed() {
        return images.streamed();
    }

    @Override
    public Dataset reading(Rows rows) {
        return new SymmetricPixels(images.reading(rows));
    }

    @Override
    public boolean inMemory() {
        return images.inMemory();
    }
}
