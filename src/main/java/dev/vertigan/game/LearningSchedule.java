package dev.vertigan.game;

import dev.vertigan.config.RunConfig;

/// Rate and momentum as functions of progress: nothing to save, nothing to forget.
///
/// @param config decay and momentum
/// @param updatesPerEpoch updates in one pass over the data
record LearningSchedule(RunConfig.Optimiser config, double updatesPerEpoch) {

    /// The rate of update t ≥ 1, decayed from `rate` by `rateDecay` an update and never under `minRate` by decay.
    double rate(double rate, long t) {
        return config.rateDecay() == 1 ? rate : Math.max(Math.min(rate, config.minRate()), rate * Math.pow(config.rateDecay(), -(t - 1.0)));
    }

    /// The momentum of update t ≥ 1, rising linearly over `momentumEpochs` epochs.
    double momentum(long t) {
        double progress = config.momentumEpochs() == 0 ? 1 : Math.min(1, (t - 1) / updatesPerEpoch / config.momentumEpochs());
        return config.momentum() + (config.finalMomentum() - config.momentum()) * progress;
    }
}
