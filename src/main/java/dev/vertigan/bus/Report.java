package dev.vertigan.bus;

/// What one turn of the game looked like; one line of `metrics.jsonl`, one point of every curve.
///
/// @param step turns completed
/// @param time when, in milliseconds since the epoch
/// @param lossD the discriminator's loss, nats
/// @param lossG the generator's loss, nats
/// @param scoreReal mean of sigmoid(D(x)) over the real minibatch, in [0, 1]
/// @param scoreFake mean of sigmoid(D(G(z))), in [0, 1], as seen by D's update
/// @param gradientNormD L2 norm of all of D's gradients
/// @param gradientNormG L2 norm of all of G's gradients
/// @param updateRatioD L2 norm of D's update over that of its weights
/// @param updateRatioG L2 norm of G's update over that of its weights
/// @param turnMillis mean wall time of a turn since the last report
/// @param imagesPerSecond real samples consumed per second since the last report
public record Report(long step, long time, double lossD, double lossG, double scoreReal, double scoreFake, double gradientNormD,
        double gradientNormG, double updateRatioD, double updateRatioG, double turnMillis, double imagesPerSecond) {}
