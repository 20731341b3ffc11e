package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Window;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// `conv CHANNELS HxW [stride S] [pad P] [groups G] [activation]`, or `deconv …`, its transpose, which makes images larger; both with bias. Of G
/// groups of channels, each is made of the same group of those before it alone.
record Convolution(int channels, Window window, int groups, boolean transposed, Activation activation) implements LayerSpec {

    private static final int LARGEST_SIDE = 65_536; // pixels

    @Override
    public Shape takes(Shape in) {
        return in;
    }

    @Override
    public Shape gives(Shape in) {
        if (in.isImage() && (in.channels() % groups != 0 || channels % groups != 0)) {
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                    "expected groups that divide the channels before and after, %d and %d, found %d", in.channels(), channels, groups));
        }
        if (!in.isImage()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected an image, found %s values; put \"reshape HxWxC\" before it", in));
        }
        return Shape.of(side(in.height(), window.height(), in), side(in.width(), window.width(), in), channels);
    }

    private int side(int extent, int kernel, Shape in) {
        long side = transposed ? window.under(extent, kernel) : window.over(extent, kernel);
        if (side < 1) {
            throw new IllegalArgumentException(transposed
                    ? String.format(Locale.ROOT, "expected a padding that leaves something, found %d around %s", window.padding(), in)
                    : String.format(Locale.ROOT, "expected an image of at least %dx%d with its padding, found %s with %d on each side",
                            window.height(), window.width(), in, window.padding()));
        }
        if (side > LARGEST_SIDE) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "expected images of at most %d pixels a side, found %d", LARGEST_SIDE, side));
        }
        return (int) side;
    }

    /// A transposed convolution adds up, at each of its outputs, only every stride-th value of the window along each axis.
    @Override
    public void declare(Shape in, Declarations declarations) {
        double fanIn = (double) window.height() * window.width() * in.channels() / groups;
        long first = transposed ? channels : in.channels();
        long second = transposed ? in.channels() : channels;
        double reached = transposed ? fanIn / ((double) window.stride() * window.stride()) : fanIn;
        long[] shape = {groups, window.height(), window.width(), first / groups, second / groups};
        declarations.weights(reached, activation, channels, groups == 1 ? Arrays.copyOfRange(shape, 1, shape.length) : shape);
    }

    @Override
    public Optional<Activation> fused() {
        return Optional.of(activation);
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ConvolutionLayer(in, gives(in), window, groups, transposed, activation, binding);
    }
}
