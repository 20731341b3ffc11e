package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// `output projection K`: the logit of a conditional discriminator, `x · (w + v_k) + b` for a sample of class k (Miyato & Koyama 2018,
/// equation 3). The v begin at zero.
record Projection(int classes) implements LayerSpec {

    @Override
    public Shape takes(Shape in) {
        return in.flat();
    }

    @Override
    public Shape gives(Shape in) {
        return Shape.of(1);
    }

    @Override
    public void declare(Shape in, Declarations declarations) {
        declarations.projection(in.size(), classes);
    }

    @Override
    public Optional<Activation> fused() {
        return Optional.of(Activation.LINEAR);
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ProjectionLayer(binding);
    }
}
