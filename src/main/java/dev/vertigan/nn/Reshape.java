package dev.vertigan.nn;

/// `reshape HxWxC`: sees values as an image.
record Reshape(Shape shape) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        if (in.size() != shape.size()) {
            throw new IllegalArgumentException("expected %d values, found %d (%s)".formatted(shape.size(), in.size(), in));
        }
        return shape;
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ReshapeLayer(in, shape);
    }
}
