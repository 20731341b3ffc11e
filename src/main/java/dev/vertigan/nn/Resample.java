package dev.vertigan.nn;

import dev.vertigan.tensor.Resampling;
import java.util.Locale;

/// `upsample nearest|bilinear` to twice the height and width, or `downsample nearest|bilinear` to half of them; both keep the mean.
record Resample(boolean up, Resampling resampling) implements LayerSpec {

    private static final int LARGEST_SIDE = 65_536; // pixels

    @Override
    public Shape gives(Shape in) {
        if (!in.isImage()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected an image, found %s values; put \"reshape HxWxC\" before it", in));
        }
        if (!up && (in.height() % 2 != 0 || in.width() % 2 != 0)) {
            throw new IllegalArgumentException("expected an even height and width, found " + in);
        }
        if (up && Math.max(in.height(), in.width()) > LARGEST_SIDE / 2) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "expected an image of at most %d pixels a side, found %s", LARGEST_SIDE / 2, in));
        }
        return up ? Shape.of(2 * in.height(), 2 * in.width(), in.channels()) : Shape.of(in.height() / 2, in.width() / 2, in.channels());
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ResampleLayer(in, gives(in), up, resampling, binding);
    }
}
