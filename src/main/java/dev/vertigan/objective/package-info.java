/// Value functions of the game, on minibatches of logits. Knows no networks.
package dev.vertigan.objective;
