package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.Optional;

/// One layer as the configuration describes it, as in `dense 256 leaky-relu 0.2`: what shapes it has, what it learns, how it is built.
/// Read by [LayerParser]; [PlacedLayer] knows where it stands.
sealed interface LayerSpec permits Dense, Maxout, Dropout, BatchNorm, Convolution, Reshape, Resample, Scale, MinibatchDeviation, Residual,
        Projection {

    /// The shape it wants to see `in` as: the same number of values.
    default Shape takes(Shape in) {
        return in;
    }

    /// The shape it makes of the one it [#takes].
    ///
    /// @throws IllegalArgumentException if it makes none: what was expected and what was found
    Shape gives(Shape in);

    /// Asks for room for what it learns.
    default void declare(Shape in, Declarations declarations) {}

    /// The activation of a layer that has weights; none of one that has not, or only its own layers have.
    default Optional<Activation> fused() {
        return Optional.empty();
    }

    /// Whether its outputs are linear in its inputs but for kinks.
    default boolean piecewiseLinear() {
        return fused().map(Activation::kind).filter(kind -> kind == Activation.Kind.TANH || kind == Activation.Kind.SIGMOID).isEmpty();
    }

    /// Whether a sample's output depends on the other samples of its minibatch.
    default boolean crossSample() {
        return false;
    }

    /// How many classes it tells apart; 0 if it does not look at a sample's class.
    default int classes() {
        return 0;
    }

    Layer build(Shape in, Binding binding);
}
