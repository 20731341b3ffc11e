package dev.vertigan.nn;

/// What a network holds and does.
///
/// @param parameters numbers learned
/// @param values floats kept a sample from a pass forward to the end of the one backward: each layer's output and its input's gradient
/// @param multiplications multiply-adds a sample of one pass forward, those of layers with weights
public record Size(long parameters, double values, double multiplications) {

    /// Adds up what a layer and those in it take. Doubles, as what does not fit in memory need not fit in a long either.
    static Size of(Sequence sequence) {
        var sum = new Size(0, 0, 0);
        for (var layer : sequence.layers()) {
            sum = sum.plus(of(layer));
        }
        return sum;
    }

    private static Size of(PlacedLayer layer) {
        double kept = (double) layer.in().size() + layer.out().size();
        if (layer.spec() instanceof Residual residual) {
            return of(residual.body()).plus(new Size(0, kept, 0));
        }
        var declarations = new Declarations();
        layer.declare(declarations);
        long parameters = declarations.learned().count();
        return switch (layer.spec()) {
            case Convolution convolution -> {
                var places = convolution.transposed() ? layer.in() : layer.out();
                yield new Size(parameters, kept, (double) parameters * places.height() * places.width());
            }
            case Maxout maxout -> new Size(parameters, kept + (double) maxout.units() * maxout.pieces(), parameters);
            default -> new Size(parameters, kept, parameters);
        };
    }

    private Size plus(Size other) {
        return new Size(parameters + other.parameters, values + other.values, multiplications + other.multiplications);
    }
}
