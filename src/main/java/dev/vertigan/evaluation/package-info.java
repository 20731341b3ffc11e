/// How good samples are, as numbers: modes and densities of mixtures, classes and Fréchet distance of images in the features of a small network of
/// our own. Pure functions on arrays, in double precision; knows networks, data and tensors, nothing of Vert.x or the game.
package dev.vertigan.evaluation;
