package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// `batch-norm [classes K] [activation]` (Ioffe & Szegedy 2015): per feature, or per channel of an image. With classes, each has a scale and a
/// shift of its own (Dumoulin et al. 2017).
record BatchNorm(int classes, Activation activation) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        return in;
    }

    @Override
    public void declare(Shape in, Declarations declarations) {
        declarations.normalisation(in.channels(), classes);
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
        return classes == 0 ? new BatchNormLayer(in, activation, binding) : new ClassBatchNormLayer(in, activation, binding);
    }
}
