package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Locale;
import java.util.Optional;

/// `residual`, layers f, `add`: `x + f(x)` (He et al. 2016). The last layer with weights in f begins at zero, so that the block begins as the
/// identity and a deep network as a shallow one (Goyal et al. 2017, §5.1; Zhang et al. 2019, Fixup).
///
/// @param body f
record Residual(Sequence body) implements LayerSpec {

    @Override
    public Shape gives(Shape in) {
        if (!body.out(in).equals(in)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "expected layers that give what they take, %s, found %s; %s", in, body.out(in), advice(in)));
        }
        last().flatMap(last -> last.spec().fused()).map(Activation::kind).ifPresent(Residual::checkAtZero);
        return in;
    }

    private static void checkAtZero(Activation.Kind kind) {
        if (kind == Activation.Kind.RELU || kind == Activation.Kind.SIGMOID) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "expected linear, leaky-relu or tanh after its last weights, which begin at zero, found %s",
                            kind == Activation.Kind.RELU ? "relu, which passes no gradient there" : "sigmoid, which is not zero there"));
        }
    }

    private String advice(Shape in) {
        var out = body.out(in);
        if (!in.isImage() || !out.isImage()) {
            return String.format(Locale.ROOT, "put \"dense %d\" before it", out.size());
        }
        boolean fits = in.height() == out.height() && in.width() == out.width();
        return fits ? String.format(Locale.ROOT, "put \"conv %d 1x1\" before it", out.channels())
                : "change height and width outside of it, with \"upsample\", \"downsample\" or a stride";
    }

    /// The layer of f that begins at zero.
    private Optional<PlacedLayer> last() {
        return body.layers().reversed().stream().filter(layer -> layer.spec().fused().isPresent()).findFirst();
    }

    @Override
    public void declare(Shape in, Declarations declarations) {
        var last = last();
        for (var layer : body.layers()) {
            layer.declare(declarations.startingAtZero(last.filter(layer::equals).isPresent()));
        }
    }

    @Override
    public boolean piecewiseLinear() {
        return body.layers().stream().allMatch(layer -> layer.spec().piecewiseLinear());
    }

    @Override
    public int classes() {
        return body.layers().stream().mapToInt(layer -> layer.spec().classes()).max().orElse(0);
    }

    @Override
    public boolean crossSample() {
        return body.layers().stream().anyMatch(layer -> layer.spec().crossSample());
    }

    @Override
    public Layer build(Shape in, Binding binding) {
        return new ResidualLayer(in, new SequenceLayer(body, in, in, binding), binding);
    }
}
