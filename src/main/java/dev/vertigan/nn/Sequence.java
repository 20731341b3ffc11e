package dev.vertigan.nn;

import java.util.List;

/// Layers one after another, on paper.
record Sequence(List<PlacedLayer> layers) {

    Sequence {
        layers = List.copyOf(layers);
    }

    /// The shape it makes of `in`.
    Shape out(Shape in) {
        return layers.isEmpty() ? in : layers.getLast().out();
    }
}
