package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Size;

/// What a configuration would take, known before anything is built.
///
/// @param generator of G
/// @param discriminator of D
/// @param bytes of the networks, what trains them, and minibatches; what kernels need besides is not in it
/// @param flops floating-point operations a turn of the layers with weights, two a multiply-add
public record Cost(Size generator, Size discriminator, double bytes, double flops) {

    private static final int READ_AHEAD = 8; // minibatches
    private static final int DRAWN_AT_ONCE = 128; // samples of a picture

    /// @param sample a sample's shape
    /// @throws dev.vertigan.nn.Architecture.Unfit if the layers do not fit
    public static Cost of(RunConfig config, Shape sample) {
        var g = Generator.architecture(config, sample).size();
        var d = Discriminator.architecture(config, sample).size();
        return new Cost(g, d, bytes(config, sample, g, d), flops(config, g, d));
    }

    /// G's weights are there with their gradients, moments and average; what is saved once more; twice more for pictures, with gradients that
    /// nobody uses. D looks at reals and fakes at once.
    private static double bytes(RunConfig config, Shape sample, Size g, Size d) {
        double forG = 3 + moments(config.generator()) + 2 + moments(config.generator()) + 3;
        double forD = 2 + moments(config.discriminator()) + 1 + moments(config.discriminator());
        double batch = config.batch();
        double minibatches = (READ_AHEAD + 5) * batch * sample.size() + 2 * batch * config.latent().size();
        double pictures = Math.min(config.samples().count(), DRAWN_AT_ONCE) * g.values() + 2.0 * config.samples().count() * sample.size();
        return Float.BYTES * (forG * g.parameters() + forD * d.parameters() + batch * g.values() + 2 * batch * d.values() + minibatches + pictures);
    }

    private static int moments(RunConfig.Player player) {
        return player.optimiser().name() == Choice.Optimiser.ADAM ? 2 : 1;
    }

    /// A pass backward takes a pass forward's work for the weights' gradients and as much for the inputs'. Alternating, each of D's k updates takes
    /// G forward and D both ways with twice the minibatch; G's takes G both ways, and D both ways but for its weights. Simultaneously, G's
    /// fakes and D's pass are those of the last update.
    private static double flops(RunConfig config, Size g, Size d) {
        double k = config.game().discriminatorSteps();
        boolean simultaneous = config.game().schedule() == Choice.Schedule.SIMULTANEOUS;
        double passesOfG = simultaneous ? k + 2 : k + 3;
        double passesOfD = simultaneous ? 6 * k : 6 * k + 2;
        return 2 * config.batch() * (passesOfG * g.multiplications() + passesOfD * d.multiplications());
    }
}
