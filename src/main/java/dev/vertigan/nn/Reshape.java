package dev.vertigan.nn;

import java.util.Locale;

/// `reshape HxWxC`: sees values as an image.
record Reshape(Shape shape) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        if (in.size() != shape.size()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected %d values, found %d (%s)", shape.size(), in.size(), in));
        }
        return shape;
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ReshapeLayer(in, shape);
    }
}
