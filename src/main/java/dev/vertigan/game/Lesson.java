package dev.vertigan.game;

import dev.vertigan.nn.Parameters;
import java.util.List;

/// What a part of a minibatch teaches a player; it changes nothing until the player takes it.
///
/// @param gradients of the weights
/// @param statistics batch norm's of each pass that the player learns from
record Lesson(Parameters gradients, List<Parameters> statistics) {}
