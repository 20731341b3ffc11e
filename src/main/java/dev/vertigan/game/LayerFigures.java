package dev.vertigan.game;

/// How the layers of a player fare in a turn: of at most a few thousand numbers of each tensor, evenly spaced.
///
/// @param weights of each of the network's tensors, in order, after it
/// @param gradients of the same tensors, as the last update used them
/// @param activations of each layer's outputs in the player's last pass, see [dev.vertigan.nn.Trace#outputs]
/// @param ratios of each tensor, the L2 norm of its change over that of its weights before; NaN where these were all zero
public record LayerFigures(Rows weights, Rows gradients, Rows activations, float[] ratios) {

    /// Of several tensors.
    ///
    /// @param figures `[n, 4]`: mean, standard deviation, least, most
    /// @param histograms `[n, BINS]`: from the least to the most, over the fullest bin's
    public record Rows(float[] figures, float[] histograms) {

        public static final int BINS = 32;

        public static final int FIGURES = 4;
    }
}
