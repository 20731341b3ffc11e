package dev.vertigan.tensor;

import java.util.Locale;

/// An elementwise activation, fused by the kernels into the layer before it.
///
/// Every derivative is a function of the output `y` alone, so a backward pass needs no pre-activations.
///
/// @param kind which function
/// @param slope the negative side's slope of a [Kind#LEAKY_RELU], in (0, 1); 0 for every other kind
public record Activation(Kind kind, float slope) {

    /// The functions the kernels know.
    public enum Kind { LINEAR, RELU, LEAKY_RELU, TANH, SIGMOID }

    public static final Activation LINEAR = new Activation(Kind.LINEAR, 0);
    public static final Activation RELU = new Activation(Kind.RELU, 0);
    public static final Activation TANH = new Activation(Kind.TANH, 0);
    public static final Activation SIGMOID = new Activation(Kind.SIGMOID, 0);

    public static Activation leakyRelu(float slope) {
        return new Activation(Kind.LEAKY_RELU, slope);
    }

    public Activation {
        if (kind == Kind.LEAKY_RELU ? !(slope > 0 && slope < 1) : slope != 0) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "slope of %s: expected %s, found %s", kind,
                    kind == Kind.LEAKY_RELU ? "a number in (0, 1)" : "0", slope));
        }
    }
}
