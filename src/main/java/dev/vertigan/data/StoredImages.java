package dev.vertigan.data;

import java.util.List;
import java.util.Objects;

/// Labelled images kept in memory as bytes.
///
/// @param shape `[height, width, channels]`
/// @param images one of that shape each, channels last
/// @param labels of the images
record StoredImages(String name, int[] shape, int classes, List<byte[]> images, List<Integer> labels) implements Dataset {

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public long size() {
        return images.size();
    }

    @Override
    public void read(long index, float[] target, int offset) {
        Pixels.toUnit(images.get((int) Objects.checkIndex(index, size())), 0, target, offset, features());
    }

    @Override
    public Fingerprint fingerprint() {
        var known = Fingerprint.of(this);
        return size() * features() > Fingerprint.MOST_HASHED ? known : known.withHash("content", digest -> {
            images.forEach(digest::update);
            labels.forEach(label -> digest.update(label.byteValue()));
        });
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public int label(long index) {
        return labels.get((int) Objects.checkIndex(index, size()));
    }
}
