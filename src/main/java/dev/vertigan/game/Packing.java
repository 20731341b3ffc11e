package dev.vertigan.game;

import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Tensor;

/// Packs of m samples that D judges together (PacGAN, Lin et al. 2018). Points of a pack stand one after the other, as they do in a minibatch;
/// images in each other's channels.
///
/// @param samples in a pack, m
/// @param features of a sample
/// @param channels of an image; 0: points
record Packing(int samples, int features, int channels) {

    static Packing of(Shape sample, int samples) {
        return new Packing(samples, Math.toIntExact(sample.size()), sample.extents().size() == 3 ? sample.extents().getLast() : 0);
    }

    /// What D judges.
    static Shape judged(Shape sample, int samples) {
        var extents = sample.extents();
        return extents.size() == 1 ? Shape.of(extents.getFirst() * samples)
                : Shape.of(extents.getFirst(), extents.get(1), extents.getLast() * samples);
    }

    /// Whether samples of a pack are mixed; else a minibatch is only seen under another shape.
    boolean interleaves() {
        return channels > 0 && samples > 1;
    }

    /// `[rows, pixels, c]` to `[rows/m, pixels, m·c]`.
    void interleave(Tensor x, Tensor packed) {
        for (long i = 0; i < x.extent(0); i++) {
            for (int j = 0; j < features; j++) {
                packed.set(place(i, j), x.get(i * features + j));
            }
        }
    }

    /// And back.
    void separate(Tensor packed, Tensor x) {
        for (long i = 0; i < x.extent(0); i++) {
            for (int j = 0; j < features; j++) {
                x.set(i * features + j, packed.get(place(i, j)));
            }
        }
    }

    private long place(long sample, int value) {
        long pixel = value / channels;
        return (sample / samples * features / channels + pixel) * samples * channels + sample % samples * channels + value % channels;
    }
}
