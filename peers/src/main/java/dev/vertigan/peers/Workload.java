package dev.vertigan.peers;

import java.util.List;

/// A game to be played, as the program describes it.
///
/// @param batch minibatch size
/// @param latent dimensions of z
/// @param shape of a sample: `[height, width, channels]`, or its values
/// @param generator one layer a line, as in the program's configuration
/// @param discriminator likewise
/// @param schedule `alternating`, or another that no peer plays
/// @param threads that compute
record Workload(int batch, int latent, List<Integer> shape, List<String> generator, List<String> discriminator, Adam generatorAdam,
        Adam discriminatorAdam, String schedule, int threads) {

    /// How a player learns (Kingma & Ba 2015).
    record Adam(double rate, double beta1, double beta2, double epsilon) {}

    /// Values in one sample.
    int features() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }
}
