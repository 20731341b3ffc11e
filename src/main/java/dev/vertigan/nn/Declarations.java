package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;

/// Where layers ask for room before memory is taken.
///
/// @param learned takes what gradients change
/// @param tracked takes batch norm's running statistics
/// @param prefix of the asking layer's names
/// @param layer its number
/// @param fromZero whether its weights begin at zero
record Declarations(Parameters.Layout learned, Parameters.Layout tracked, String prefix, int layer, boolean fromZero) {

    Declarations() {
        this(new Parameters.Layout(), new Parameters.Layout(), "", 0, false);
    }

    /// For the layer of that path.
    Declarations at(String path, int number) {
        return new Declarations(learned, tracked, path + ".", number, fromZero);
    }

    Declarations startingAtZero(boolean zero) {
        return new Declarations(learned, tracked, prefix, layer, zero);
    }

    /// Weights and as many biases as their outputs.
    ///
    /// @param fanIn inputs that reach an output
    void weights(double fanIn, Activation activation, long outputs, long... shape) {
        learned.add(prefix + "weight", fromZero ? InitialValue.ZERO : new InitialValue.Random(fanIn, activation, layer), shape);
        learned.add(prefix + "bias", InitialValue.ZERO, outputs);
    }

    /// A projection's numbers: a linear function of the inputs, and what each class adds to it.
    void projection(long inputs, int classes) {
        weights(inputs, Activation.LINEAR, 1, inputs, 1);
        learned.add(prefix + "classes", InitialValue.ZERO, classes, inputs);
    }

    /// Batch norm's numbers.
    ///
    /// @param classes that have a scale and a shift each; 0 = one for all
    void normalisation(long channels, int classes) {
        long[] shape = classes == 0 ? new long[] {channels} : new long[] {classes, channels};
        learned.add(prefix + "gamma", fromZero ? InitialValue.ZERO : InitialValue.ONE, shape);
        learned.add(prefix + "beta", InitialValue.ZERO, shape);
        tracked.add(prefix + "running_mean", InitialValue.ZERO, channels);
        tracked.add(prefix + "running_variance", InitialValue.ONE, channels);
    }
}
