package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.objective.Logit;
import dev.vertigan.objective.Objective;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/// D: tells reals from fakes. Not thread-safe.
///
/// Where no layer looks across samples, reals and fakes share one pass.
public final class Discriminator {

    /// Beyond it a slope is too small to be divided by (float32 ends at e⁻⁸⁷).
    private static final double STEEPEST_LOGIT = 40;

    private final RunConfig config;
    private final Kernels kernels;
    private final Objective objective;
    private final Player player;
    private final int batch;
    private final Tensor seen; // [2·batch, features]: reals, then fakes
    private final Tensor seenReals; // its first half
    private final Tensor seenFakes; // its second half
    private final Tensor slopes; // [2·batch, 1]: ∂L/∂logit
    private final Tensor someSlopes; // its first half
    private final Tensor factors; // [batch]
    private final double[] fakeLogits; // of the last judge

    /// What D's update saw.
    ///
    /// @param loss D's loss, nats
    /// @param scoreReal mean of σ(D(x)), in [0, 1]
    /// @param scoreFake mean of σ(D(G(z))), in [0, 1]
    public record Judgement(double loss, double scoreReal, double scoreFake) {}

    /// What G learns from.
    ///
    /// @param sampleGradient `∂L_G/∂x[batch, features]`; belongs to D and holds until its next call
    /// @param loss G's loss, nats
    public record Critique(Tensor sampleGradient, double loss) {}

    /// @param sample a sample's shape
    /// @param epochSize samples in an epoch
    public Discriminator(RunConfig config, Shape sample, long epochSize, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        batch = config.batch();
        objective = Objective.of(config.game().objective());
        var network = Player.network(config, config.discriminator(), architecture(config, sample), kernels, 2L * batch,
                Streams.DISCRIMINATOR_WEIGHTS, Streams.DISCRIMINATOR_DROPOUT);
        player = new Player("discriminator", network, config.discriminator(),
                new LearningSchedule(config.discriminator().optimiser(), (double) epochSize / batch), kernels);
        seen = kernels.allocate(2L * batch, sample.size());
        seenReals = seen.rows(0, batch);
        seenFakes = seen.rows(batch, batch);
        slopes = kernels.allocate(2L * batch, 1);
        someSlopes = slopes.rows(0, batch);
        factors = kernels.allocate(batch);
        fakeLogits = new double[batch];
    }

    /// D on paper.
    ///
    /// @throws Architecture.Unfit if the layers do not fit
    public static Architecture architecture(RunConfig config, Shape sample) {
        var architecture = Architecture.parse(config.discriminator().layers(), sample, Shape.of(1));
        if (!architecture.outputActivation().equals(Activation.LINEAR)) {
            throw new Architecture.Unfit(List.of(String.format(Locale.ROOT,
                    "expected \"output\" without activation (objectives work on logits), found \"%s\"", config.discriminator().layers().getLast())));
        }
        return architecture;
    }

    /// Computes the gradient of D's loss on a minibatch of each; [#learn] applies it.
    ///
    /// @param reals x `[batch, features]`
    /// @param fakes G(z) `[batch, features]`
    /// @throws NonFinite if the loss is not finite; nothing was changed
    public Judgement judge(Tensor reals, Tensor fakes, Moment moment) {
        var network = player.network();
        look(reals, moment, true);
        look(fakes, moment, false);
        var pass = new Pass(true, true, moment.step(), moment.phase());
        double[] real; // loss, score
        double[] fake;
        if (network.crossSample()) {
            real = judgeReals(network.forward(seenReals, pass), 0);
            finite(real[0], moment.step());
            network.backward(someSlopes, true, false);
            fake = judgeFakes(network.forward(seenFakes, new Pass(true, true, moment.step(), moment.phase() | 128)), 0);
            finite(fake[0], moment.step());
            network.backward(someSlopes, true, true);
        } else {
            var logits = network.forward(seen, pass);
            real = judgeReals(logits, 0);
            fake = judgeFakes(logits, batch);
            finite(real[0] + fake[0], moment.step());
            network.backward(slopes, true, false);
        }
        return new Judgement(real[0] + fake[0], real[1], fake[1]);
    }

    /// Applies the last [#judge]'s gradient.
    ///
    /// @throws NonFinite if the gradient is not finite; the state must then be restored
    public UpdateNorms learn(long step, double rate) {
        return player.update(step, rate);
    }

    /// The gradient of G's loss at fresh fakes; D stays as it is.
    ///
    /// @param fakes G(z) `[batch, features]`, to be left as they are until the next call
    /// @throws NonFinite if the loss is not finite
    public Critique critique(Tensor fakes, Moment moment) {
        var network = player.network();
        var x = fakes;
        if (config.game().instanceNoise() > 0) {
            look(fakes, moment, false);
            x = seenFakes;
        }
        double loss = critiqueLogits(network.forward(x, new Pass(true, false, moment.step(), moment.phase())), 0);
        finite(loss, moment.step());
        network.backward(someSlopes, false, false);
        return new Critique(network.inputGradient(0, batch), loss);
    }

    /// The gradient of G's loss at the fakes of the last [#judge], before [#learn]: the simultaneous schedule.
    ///
    /// Per sample both players' gradients are ∂D/∂x times a number, so if D looks at each sample alone, its own backward pass is
    /// rescaled row by row instead of done again.
    public Critique critiqueJudged(long step) {
        var network = player.network();
        double loss = 0;
        boolean divisible = !network.crossSample();
        for (int i = 0; i < batch; i++) {
            var logit = Logit.of(fakeLogits[i]);
            loss += objective.generatorLoss(logit) / batch;
            divisible &= Math.abs(logit.value()) < STEEPEST_LOGIT;
            factors.set(i, objective.generatorSlope(logit) / objective.fakeSlope(logit));
        }
        finite(loss, step);
        if (divisible) {
            var gradient = network.inputGradient(batch, batch);
            kernels.scaleRows(gradient, factors);
            return new Critique(gradient, loss);
        }
        int first = network.crossSample() ? 0 : batch; // where the fakes are in the last pass forward
        var rows = slopes.rows(0, first + batch);
        for (int i = 0; i < first + batch; i++) {
            rows.set(i, i < first ? 0 : objective.generatorSlope(Logit.of(fakeLogits[i - first])) / batch);
        }
        network.backward(rows, false, false);
        return new Critique(network.inputGradient(first, batch), loss);
    }

    private void look(Tensor samples, Moment moment, boolean real) {
        var rows = real ? seenReals : seenFakes;
        if (config.game().instanceNoise() > 0) {
            kernels.addNormal(samples, (float) config.game().instanceNoise(), Streams.instanceNoise(config.seed(), moment, real), rows);
        } else {
            kernels.copy(samples, rows);
        }
    }

    private double[] judgeReals(Tensor logits, int first) {
        double loss = 0;
        double score = 0;
        double target = config.game().realLabel();
        for (int i = first; i < first + batch; i++) {
            var logit = Logit.of(logits.get(i));
            loss += objective.realLoss(logit, target);
            score += logit.probability();
            slopes.set(i, objective.realSlope(logit, target) / batch);
        }
        return new double[] {loss / batch, score / batch};
    }

    private double[] judgeFakes(Tensor logits, int first) {
        double loss = 0;
        double score = 0;
        for (int i = first; i < first + batch; i++) {
            var logit = Logit.of(logits.get(i));
            fakeLogits[i - first] = logit.value();
            loss += objective.fakeLoss(logit);
            score += logit.probability();
            slopes.set(i, objective.fakeSlope(logit) / batch);
        }
        return new double[] {loss / batch, score / batch};
    }

    private double critiqueLogits(Tensor logits, int first) {
        double loss = 0;
        for (int i = first; i < first + batch; i++) {
            var logit = Logit.of(logits.get(i));
            loss += objective.generatorLoss(logit);
            slopes.set(i, objective.generatorSlope(logit) / batch);
        }
        return loss / batch;
    }

    private static void finite(double loss, long step) {
        if (!Double.isFinite(loss)) {
            throw new NonFinite(step, "discriminator.logits");
        }
    }

    /// See [Player#capture].
    public PlayerState capture() {
        return player.capture();
    }

    /// See [Player#restore].
    public void restore(PlayerState state) {
        player.restore(state);
    }

    /// How many numbers D learns.
    public long parameterCount() {
        return player.network().parameterCount();
    }
}
