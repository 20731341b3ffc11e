package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Optimiser;

/// Rate and momentum as functions of progress: nothing to save, nothing to forget.
///
/// @param epochSize samples in one pass over the data
record LearningSchedule(long epochSize, int batch) {

    /// What a player's update t ≥ 1, in turn `step`, is made with.
    Optimiser.Step at(RunConfig.Optimiser config, long step, long t) {
        return new Optimiser.Step(t, rate(config, config.rate().at(step, batch), t), momentum(config, t), config.beta1(),
                config.beta2().at(step, batch), config.epsilon());
    }

    /// Decayed by `rateDecay` an update and never under `minRate` by decay.
    private static double rate(RunConfig.Optimiser config, double rate, long t) {
        return config.rateDecay() == 1 ? rate : Math.max(Math.min(rate, config.minRate()), rate * Math.pow(config.rateDecay(), -(t - 1.0)));
    }

    /// Rising linearly over `momentumEpochs` epochs.
    private double momentum(RunConfig.Optimiser config, long t) {
        double progress = config.momentumEpochs() == 0 ? 1 : Math.min(1, (t - 1) / ((double) epochSize / batch) / config.momentumEpochs());
        return config.momentum() + (config.finalMomentum() - config.momentum()) * progress;
    }
}
