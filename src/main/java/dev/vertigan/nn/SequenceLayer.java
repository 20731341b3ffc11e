package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// Layers one after another. Where one takes another shape than the one before it gives, the values are seen anew.
///
/// The gradient at the inputs of the first layers is computed only when asked for, and only for the rows asked for.
final class SequenceLayer implements Layer {

    private final List<Layer> layers = new ArrayList<>();
    private final List<String> paths = new ArrayList<>(); // of each; empty of those that are seen anew
    private final Tensor[] outputs; // of the last pass forward
    private final int bottom; // the first layer that learns; those below it only pass gradients on

    /// @param in what comes
    /// @param out what must leave
    SequenceLayer(Sequence sequence, Shape in, Shape out, Binding binding) {
        var shape = in;
        for (var layer : sequence.layers()) {
            see(shape, layer.in());
            layers.add(layer.build(binding));
            paths.add(layer.path());
            shape = layer.out();
        }
        see(shape, out);
        outputs = new Tensor[layers.size()];
        bottom = (int) layers.stream().limit(layers.size() - 1).takeWhile(layer -> !layer.learns()).count();
    }

    private void see(Shape shape, Shape as) {
        if (!shape.equals(as)) {
            layers.add(new ReshapeLayer(shape, as));
            paths.add("");
        }
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        var y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).forward(y, pass);
            outputs[i] = y;
        }
        return y;
    }

    @Override
    public void outputs(BiConsumer<String, Tensor> each) {
        for (int i = 0; i < outputs.length; i++) {
            if (!paths.get(i).isEmpty()) {
                each.accept(paths.get(i), outputs[i]);
                layers.get(i).outputs(each);
            }
        }
    }

    @Override
    public void backward(Tensor dy, GradientTarget into) {
        var gradient = dy;
        for (int i = layers.size() - 1; i > bottom; i--) {
            layers.get(i).backward(gradient, into);
            gradient = layers.get(i).inputGradient(0, dy.extent(0));
        }
        layers.get(bottom).backward(gradient, into);
    }

    @Override
    public Tensor inputGradient(long from, long count) {
        var gradient = layers.get(bottom).inputGradient(from, count);
        for (int i = bottom - 1; i >= 0; i--) {
            layers.get(i).backward(gradient, GradientTarget.NONE);
            gradient = layers.get(i).inputGradient(from, count);
        }
        return gradient;
    }

    @Override
    public Tensor push(Tensor t) {
        var tangent = t;
        for (var layer : layers) {
            tangent = layer.push(tangent);
        }
        return tangent;
    }

    @Override
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        for (var layer : layers) {
            layer.gradient(s, w, into);
        }
    }
}
