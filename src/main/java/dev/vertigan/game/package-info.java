/// The two players and Algorithm 1 of Goodfellow et al. 2014 without any bus: each method computes one thing of one turn.
/// Knows networks, objectives, data and tensors; nothing of Vert.x, files or people. The verticles of `train` call it.
package dev.vertigan.game;
