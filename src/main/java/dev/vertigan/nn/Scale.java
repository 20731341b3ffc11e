package dev.vertigan.nn;

/// `scale FACTOR`: multiplies every value. In units in which data have deviation 1, networks learn at the same rates whatever their data.
record Scale(float factor) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        return in;
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ScaleLayer(in, factor, binding);
    }
}
