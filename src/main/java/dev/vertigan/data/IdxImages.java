package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/// Labelled grey images from a pair of IDX files, kept in memory as bytes.
public final class IdxImages implements Dataset {

    private final String name;
    private final Idx.Images images;
    private final byte[] labels;
    private final int classes;

    /// @throws UserError if a file is no good, naming it, or the two do not fit together
    public IdxImages(String name, Path imageFile, Path labelFile, int classes) {
        this.name = name;
        this.classes = classes;
        images = Idx.images(imageFile);
        labels = Idx.labels(labelFile, classes);
        if (labels.length != images.count()) {
            throw new UserError(String.format(Locale.ROOT,
                    "%s: expected a label for each of the %d images of %s, found %d labels. The two files must belong together.", labelFile,
                    images.count(), imageFile.getFileName(), labels.length));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public int[] shape() {
        return new int[] {images.height(), images.width(), 1};
    }

    @Override
    public int features() {
        return images.height() * images.width();
    }

    @Override
    public long size() {
        return images.count();
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        int features = features();
        Pixels.toUnit(images.pixels(), (int) Objects.checkIndex(index, size()) * features, target, offset, features);
    }

    @Override
    public Fingerprint fingerprint() {
        var known = Fingerprint.of(this);
        return images.pixels().length > Fingerprint.MOST_HASHED ? known : known.withHash("content", digest -> {
            digest.update(images.pixels());
            digest.update(labels);
        });
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public int label(long index) {
        return labels[(int) Objects.checkIndex(index, size())] & 0xFF;
    }
}
