package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// `dense UNITS [classes K] [activation]`: fully connected, with bias. With classes, the sample's own is seen beside the inputs, one-hot
/// (Mirza & Osindero 2014).
record Dense(int units, int classes, Activation activation) implements LayerSpec {

    @Override
    public Shape takes(Shape in) {
        return in.flat();
    }

    @Override
    public Shape gives(Shape in) {
        return Shape.of(units);
    }

    @Override
    public void declare(Shape in, Declarations declarations) {
        declarations.weights(in.size() + classes, activation, units, in.size() + classes, units);
    }

    @Override
    public Optional<Activation> fused() {
        return Optional.of(activation);
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new DenseLayer(classes, activation, binding);
    }
}
