package dev.vertigan.game;

/// Sums of squares of an update.
///
/// @param gradient of the gradient; non-finite if any gradient is
/// @param update of what was added to the weights
/// @param weight of the weights after the update
public record UpdateNorms(double gradient, double update, double weight) {}
