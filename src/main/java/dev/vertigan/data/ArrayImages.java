package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Square images of a NumPy array, `[n, extent, extent]` or with channels last, read as they are wanted: integers from 0 to 255, or floats from
/// 0 to 1.
final class ArrayImages implements Dataset {

    static final String NAME = "array";

    private static final float WHITE = 255;

    private final NpyFile file;
    private final int extent;
    private final int channels;
    private final ArrayLabels labels;

    /// @throws UserError if it holds others
    ArrayImages(String name, NpyFile file, ArrayLabels labels, int extent, int channels) {
        long[] shape = file.shape();
        long[] expected = {shape[0], extent, extent, channels};
        if (!Arrays.equals(shape, expected) && !(channels == 1 && Arrays.equals(shape, Arrays.copyOf(expected, 3)))) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected images [n, %d, %d, %d], found %s; data.extent and data.channels say what to "
                    + "expect, and data.columns makes points of an array [n, columns]", name, extent, extent, channels, Arrays.toString(shape)));
        }
        if (shape[0] == 0) {
            throw new UserError(name + ": expected images, found none");
        }
        this.file = file;
        this.extent = extent;
        this.channels = channels;
        this.labels = labels;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public int[] shape() {
        return new int[] {extent, extent, channels};
    }

    @Override
    public long size() {
        return file.shape()[0];
    }

    @Override
    public void read(long index, float[] target, int offset) {
        float[] values = file.rows(index, 1);
        float white = file.integers() ? WHITE : 1;
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0 && values[i] <= white)) {
                throw new UserError(
                        String.format(Locale.ROOT, "%s: expected pixels from 0 to %.0f, found %s in image %d; scale them, or save them as bytes",
                                NAME, white, values[i], index));
            }
            target[offset + i] = values[i] / white;
        }
    }

    @Override
    public int classes() {
        return labels.classes();
    }

    @Override
    public int label(long index) {
        return labels.of(index);
    }

    @Override
    public Fingerprint fingerprint() {
        long bytes = size() * features();
        var own = labels.in(Fingerprint.of(this).with("shape", Arrays.toString(file.shape())));
        return bytes > Fingerprint.MOST_HASHED ? own : own.withHash("content", digest -> {
            for (long index = 0; index < size(); index++) {
                digest.update(Arrays.toString(file.rows(index, 1)).getBytes(StandardCharsets.US_ASCII));
            }
        });
    }
}
