package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// `batch-norm [activation]` (Ioffe & Szegedy 2015): per feature, or per channel of an image.
record BatchNorm(Activation activation) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        return in;
    }

    @Override
    public void declare(Shape in, Declarations declarations) {
        declarations.normalisation(in.channels());
    }

    @Override
    public Optional<Activation> fused() {
        return Optional.of(activation);
    }

    @Override
    public boolean piecewiseLinear() {
        return false;
    }

    @Override
    public boolean crossSample() {
        return true;
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new BatchNormLayer(in, activation, binding);
    }
}
