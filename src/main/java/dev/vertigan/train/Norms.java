package dev.vertigan.train;

import dev.vertigan.game.UpdateNorms;

/// Sums of squares as the norms that reports show.
final class Norms {

    private Norms() {}

    /// L2 norm of the gradient.
    static double gradient(UpdateNorms norms) {
        return Math.sqrt(norms.gradient());
    }

    /// L2 norm of the update over that of the weights; near 10⁻³ is usual.
    static double updateRatio(UpdateNorms norms) {
        return norms.weight() == 0 ? 0 : Math.sqrt(norms.update() / norms.weight());
    }
}
