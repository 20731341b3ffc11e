package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;

/// How a parameter begins.
sealed interface InitialValue {

    InitialValue ZERO = new Constant(0);
    InitialValue ONE = new Constant(1);

    record Constant(double value) implements InitialValue {}

    /// As the [Initialiser] has it.
    ///
    /// @param fanIn inputs that reach an output
    /// @param activation of the layer
    /// @param layer its number
    record Random(double fanIn, Activation activation, int layer) implements InitialValue {}
}
