package dev.vertigan.game;

import dev.vertigan.nn.Parameters;

/// What a sampler needs of G.
///
/// @param weights the moving average of G's weights
/// @param statistics batch norm's running statistics
public record Portrait(Parameters weights, Parameters statistics) {}
