package dev.vertigan.tensor;

/// Sums of squares an optimiser kernel collects while it passes over one parameter, so that watching costs no pass of its own.
///
/// @param gradient the sum of squares of the gradient; non-finite if any gradient is
/// @param update the sum of squares of what was added to the weights
/// @param weight the sum of squares of the weights after the update
public record UpdateNorms(double gradient, double update, double weight) {

    public static final UpdateNorms ZERO = new UpdateNorms(0, 0, 0);

    public UpdateNorms plus(UpdateNorms other) {
        return new UpdateNorms(gradient + other.gradient, update + other.update, weight + other.weight);
    }
}
