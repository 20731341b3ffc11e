package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// `maxout UNITSxPIECES`: the largest of several linear pieces (Goodfellow et al. 2013).
record Maxout(int units, int pieces) implements LayerSpec {

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
        long width = (long) units * pieces;
        declarations.weights(in.size(), Activation.LINEAR, width, in.size(), width);
    }

    @Override
    public Optional<Activation> fused() {
        return Optional.of(Activation.LINEAR);
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new MaxoutLayer(pieces, binding);
    }
}
