package dev.vertigan.game;

import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
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
    ///
    /// @param one overwritten with one sample of each pack, `[rows/m, features]`
    void interleave(Tensor x, Tensor packed, Tensor one, Kernels kernels) {
        for (int sample = 0; sample < samples; sample++) {
            kernels.takeChannels(sideBySide(x), sample * features, one);
            kernels.putChannels(pixels(one), sample * channels, packedPixels(packed));
        }
    }

    /// And back.
    void separate(Tensor packed, Tensor x, Tensor one, Kernels kernels) {
        for (int sample = 0; sample < samples; sample++) {
            kernels.takeChannels(packedPixels(packed), sample * channels, pixels(one));
            kernels.putChannels(one, sample * features, sideBySide(x));
        }
    }

    /// `[rows/m, m·features]`
    private Tensor sideBySide(Tensor x) {
        return x.reshape(x.size() / samples / features, (long) samples * features);
    }

    private Tensor pixels(Tensor one) {
        return one.reshape(one.size() / channels, channels);
    }

    private Tensor packedPixels(Tensor packed) {
        return packed.reshape(packed.size() / samples / channels, (long) samples * channels);
    }
}
