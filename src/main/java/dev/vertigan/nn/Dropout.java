package dev.vertigan.nn;

/// `dropout KEEP`: keeps each value with that probability and scales it by 1/keep (Srivastava et al. 2014), else zero.
record Dropout(float keep) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        return in;
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new DropoutLayer(in, keep, binding);
    }
}
