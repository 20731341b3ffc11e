package dev.vertigan.game;

import dev.vertigan.nn.Parameters;

/// What it takes to compute with a player elsewhere.
///
/// @param weights the player's own, or their moving average
/// @param statistics batch norm's running statistics
public record Portrait(Parameters weights, Parameters statistics) {

    /// Who holds one.
    public enum Use { PICTURES, EVALUATION }
}
