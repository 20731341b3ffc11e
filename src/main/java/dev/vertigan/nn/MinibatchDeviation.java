package dev.vertigan.nn;

/// `minibatch-deviation`: one more value, or one more channel of an image, that is the same for all samples of a minibatch: the mean over all
/// features of their standard deviations over the samples (Karras et al. 2018, section 3). A D that sees it knows a minibatch of fakes by
/// their being alike.
record MinibatchDeviation() implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        return in.isImage() ? Shape.of(in.height(), in.width(), in.channels() + 1) : Shape.of(Math.toIntExact(in.size()) + 1);
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
        return new MinibatchDeviationLayer(in, gives(in), binding);
    }

    @Override
    public String toString() {
        return "minibatch-deviation";
    }
}
