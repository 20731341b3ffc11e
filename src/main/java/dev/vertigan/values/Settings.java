package dev.vertigan.values;

/// What a person may change while a run goes on; every change is journalled with its step and replayed on resume.
///
/// @param rateG the generator's learning rate, before decay
/// @param rateD the discriminator's learning rate, before decay
/// @param discriminatorSteps k of Algorithm 1
/// @param reportEvery turns between two reports
public record Settings(double rateG, double rateD, int discriminatorSteps, int reportEvery) {}
