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
/// @param objective `non-saturating`, or another that no peer plays
/// @param r1 γ of R1 (Mescheder et al. 2018): D's loss has γ/2 · E‖∂D/∂x‖² at reals more
/// @param r2 γ of R2, the same at fakes
/// @param threads that compute
/// @param beyond settings that this does not tell of, and no peer plays with
record Workload(int batch, int latent, List<Integer> shape, List<String> generator, List<String> discriminator, Adam generatorAdam,
        Adam discriminatorAdam, String schedule, String objective, double r1, double r2, int threads, List<String> beyond) {

    /// How a player learns (Kingma & Ba 2015).
    record Adam(double rate, double beta1, double beta2, double epsilon) {}

    /// Whether D's slope at samples costs something.
    boolean penalised() {
        return r1 > 0 || r2 > 0;
    }

    /// Values in one sample.
    int features() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }
}
