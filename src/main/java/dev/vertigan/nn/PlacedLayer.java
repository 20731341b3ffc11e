package dev.vertigan.nn;

/// A layer at its place in a network.
///
/// @param path how its parameters' names begin: `3`, or `5.1` for the second layer of the residual block at 5
/// @param number of its line, which tells its random numbers from those of other layers
/// @param in the shape it takes
/// @param out the shape it gives
record PlacedLayer(String path, int number, LayerSpec spec, Shape in, Shape out) {

    void declare(Declarations declarations) {
        spec.declare(in, declarations.at(path, number));
    }

    Layer build(Binding binding) {
        return spec.build(in, binding.at(path, number));
    }
}
