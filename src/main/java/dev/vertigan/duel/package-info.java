/// What the two players see of each other at a moment of the game: D over the plane or the line, where it sends G, what it makes of samples.
/// It computes with weights of its own, handed to it; knows networks, objectives, data and tensors, nothing of Vert.x, files or pages.
package dev.vertigan.duel;
