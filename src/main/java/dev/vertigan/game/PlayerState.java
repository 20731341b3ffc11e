package dev.vertigan.game;

import dev.vertigan.tensor.Tensor;
import java.util.SortedMap;

/// All that decides how a player goes on.
///
/// @param updates updates made
/// @param tensors weights, running statistics, moments and moving averages by full name, as in `generator.m.0.weight`
public record PlayerState(long updates, SortedMap<String, Tensor> tensors) {}
