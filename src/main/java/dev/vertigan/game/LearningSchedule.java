package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Optimiser;

/// Rate and momentum as functions of progress: nothing to save, nothing to forget.
///
/// @param updatesPerEpoch updates in one pass over the data
record LearningSchedule(double updatesPerEpoch) {

    /// What update t ≥ 1 is made with.
    Optimiser.Step at(RunConfig.Optimiser config, long t) {
        return new Optimiser.Step(t, rate(config, t), momentum(config, t), config.beta1(), config.beta2(), config.epsilon());
    }

    /// Decayed by `rateDecay` an update and never under `minRate` by decay.
    private static double rate(RunConfig.Optimiser config, long t) {
        double rate = config.rate();
        return config.rateDecay() == 1 ? rate : Math.max(Math.min(rate, config.minRate()), rate * Math.pow(config.rateDecay(), -(t - 1.0)));
    }

    /// Rising linearly over `momentumEpochs` epochs.
    private double momentum(RunConfig.Optimiser config, long t) {
        double progress = config.momentumEpochs() == 0 ? 1 : Math.min(1, (t - 1) / updatesPerEpoch / config.momentumEpochs());
        return config.momentum() + (config.finalMomentum() - config.momentum()) * progress;
    }
}
