package dev.vertigan.tensor;

/// Names one stretch of random numbers: element `i` of a tensor filled from it is a pure function of (seed, stream, step, i).
///
/// @param seed the run's seed, the Philox key
/// @param stream what the numbers are for (a latent, a dropout layer, ...); each purpose has its own
/// @param step the turn they are for, or 0 for what is drawn once a run
public record Draw(long seed, int stream, long step) {}
