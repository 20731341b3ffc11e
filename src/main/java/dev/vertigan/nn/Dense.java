package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// `dense UNITS [activation]`: fully connected, with bias.
record Dense(int units, Activation activation) implements LayerSpec {

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
        declarations.weights(in.size(), activation, units, in.size(), units);
    }

    @Override
    public Optional<Activation> fused() {
        return Optional.of(activation);
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new DenseLayer(activation, binding);
    }
}
