package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.ArrayList;
import java.util.List;

/// A network on paper: its layers and the shapes between them, checked.
///
/// @param layers in order; the last is the output
/// @param shapes one more than layers: `shapes[i]` goes into layer i, without the minibatch
public record Architecture(List<LayerSpec> layers, List<List<Integer>> shapes) {

    private static final long LARGEST_LAYER = 1L << 28; // weights; 1 GiB of float32

    public Architecture {
        layers = List.copyOf(layers);
        shapes = List.copyOf(shapes);
    }

    /// Reads the configuration's lines.
    ///
    /// @param lines one layer each, as in `dense 256 relu`; the last must be `output`
    /// @param input features that come in
    /// @param output features that must come out
    /// @throws IllegalArgumentException naming the layer, what was expected and what was found
    public static Architecture parse(List<String> lines, int input, int output) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("layers: expected at least \"output\", found none");
        }
        var layers = new ArrayList<LayerSpec>();
        var shapes = new ArrayList<List<Integer>>();
        shapes.add(List.of(input));
        for (int i = 0; i < lines.size(); i++) {
            var spec = LayerParser.parse(lines.get(i));
            boolean last = i == lines.size() - 1;
            if (last != spec instanceof LayerSpec.Output) {
                throw new IllegalArgumentException(
                        "layer %d \"%s\": expected \"output\" as the last layer and only there".formatted(i, lines.get(i)));
            }
            var shape = outputShape(spec, shapes.get(i), output);
            if ((long) features(shapes.get(i)) * features(shape) > LARGEST_LAYER) {
                throw new IllegalArgumentException("layer %d \"%s\": expected at most %d weights, found %d × %d".formatted(i, lines.get(i),
                        LARGEST_LAYER, features(shapes.get(i)), features(shape)));
            }
            layers.add(spec);
            shapes.add(shape);
        }
        return new Architecture(layers, shapes);
    }

    private static List<Integer> outputShape(LayerSpec spec, List<Integer> in, int output) {
        return switch (spec) {
            case LayerSpec.Dense(int units, _) -> List.of(units);
            case LayerSpec.Maxout(int units, _) -> List.of(units);
            case LayerSpec.Dropout _,LayerSpec.BatchNorm _ -> in;
            case LayerSpec.Output _ -> List.of(output);
        };
    }

    /// The activation of the last layer.
    public Activation outputActivation() {
        return ((LayerSpec.Output) layers.getLast()).activation();
    }

    /// Values of one sample going into layer i.
    int features(int i) {
        return features(shapes.get(i));
    }

    private static int features(List<Integer> shape) {
        return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }
}
