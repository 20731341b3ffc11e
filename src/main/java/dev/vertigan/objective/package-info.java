/// Value functions of the game: pure functions of logits. Knows no networks and no tensors.
package dev.vertigan.objective;
