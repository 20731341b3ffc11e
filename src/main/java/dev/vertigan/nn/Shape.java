package dev.vertigan.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A sample's shape, without the minibatch: `[features]`, or `[height, width, channels]` of an image.
public record Shape(List<Integer> extents) {

    public Shape {
        extents = List.copyOf(extents);
        if (extents.size() != 1 && extents.size() != 3 || extents.stream().anyMatch(extent -> extent < 1)) {
            throw new IllegalArgumentException("shape: expected [features] or [height, width, channels], all ≥ 1, found " + extents);
        }
    }

    public static Shape of(int... extents) {
        return new Shape(Arrays.stream(extents).boxed().toList());
    }

    boolean isImage() {
        return extents.size() == 3;
    }

    int height() {
        return isImage() ? extents.get(0) : 1;
    }

    int width() {
        return isImage() ? extents.get(1) : 1;
    }

    int channels() {
        return extents.getLast();
    }

    /// Values in it.
    public long size() {
        return (long) height() * width() * channels();
    }

    /// The same values without places.
    Shape flat() {
        return of(Math.toIntExact(size()));
    }

    /// Itself, or for `[features]` a single pixel.
    Shape asImage() {
        return of(height(), width(), channels());
    }

    /// `[n, ...]`.
    public long[] minibatch(long n) {
        var shape = new long[1 + extents.size()];
        shape[0] = n;
        for (int i = 1; i < shape.length; i++) {
            shape[i] = extents.get(i - 1);
        }
        return shape;
    }

    /// As the configuration writes it: `256`, or `4x4x256`.
    @Override
    public String toString() {
        return extents.stream().map(Object::toString).collect(Collectors.joining("x"));
    }
}
