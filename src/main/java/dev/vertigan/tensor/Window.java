package dev.vertigan.tensor;

import java.util.Locale;

/// How a convolution's kernel moves over an image: `height` × `width` pixels, every `stride` pixels, over an image with `padding` zeros
/// on each side.
public record Window(int height, int width, int stride, int padding) {

    public Window {
        if (height < 1 || width < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                    "window: expected height, width and stride ≥ 1 and padding ≥ 0, found %d, %d, %d and %d", height, width, stride, padding));
        }
    }

    /// The padding that makes an extent n into ⌈n / stride⌉ where it can be had: as in 3×3 with stride 1, or 4×4 with stride 2.
    public static Window centred(int height, int width, int stride) {
        return new Window(height, width, stride, Math.max(0, (Math.max(height, width) - stride + 1) / 2));
    }

    /// Places of a kernel of that extent over an image of that extent; 0 or less if it does not fit.
    public long over(long extent, int kernel) {
        return Math.floorDiv(extent + 2L * padding - kernel, stride) + 1;
    }

    /// The smallest extent that has that many places: what a transposed convolution makes of `places` pixels.
    public long under(long places, int kernel) {
        return (places - 1) * stride + kernel - 2L * padding;
    }
}
