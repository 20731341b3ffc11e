package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Shape;

/// What both players of a game go by and no edit changes.
///
/// @param seed the key of every random number
/// @param batch rows of a minibatch
/// @param shards parts that it is worked in
/// @param latent what z is
/// @param sample a sample's shape
/// @param black what a black pixel is, 0 or −1
/// @param epochSize samples in an epoch
public record GameRules(long seed, int batch, int shards, RunConfig.Latent latent, Shape sample, double black, long epochSize) {

    /// Those of a configuration, on data of that shape.
    public static GameRules of(RunConfig config, Shape sample, long epochSize) {
        return new GameRules(config.seed(), config.batch(), config.shards(), config.latent(), sample,
                config.data().scale() == Choice.Scale.SYMMETRIC ? -1 : 0, epochSize);
    }
}
