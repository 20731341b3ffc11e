package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Parameters;
import dev.vertigan.tensor.Curve;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Loss;
import dev.vertigan.tensor.Tensor;
import java.util.Optional;

/// What D pays for being steep: R1 and R2, γ/2 · E‖∂D/∂x‖² at reals and at fakes, exact or approximated by noise (see [NearbyPass]), and
/// WGAN-GP's between the two (see [MixedPass]).
final class Penalties {

    private static final Loss HALF = Loss.of(Curve.LINEAR).times(0.5);

    private final Network network;
    private final PairPass pass;
    private final long seed;
    private final int rows;
    private final int batch;
    private final Kernels kernels;
    private final Tensor steepness; // [2·rows]: of reals, then fakes: their gradients' squared lengths, then the penalty's weights
    private final Tensor none; // [0]
    private Optional<MixedPass> between = Optional.empty(); // until it is needed
    private Optional<NearbyPass> nearby = Optional.empty(); // until it is needed

    /// @param pass over the reals and fakes that are penalised
    /// @param rows reals, and fakes, of that pass
    /// @param batch rows of the whole minibatch
    Penalties(Network network, PairPass pass, long seed, int rows, int batch, Kernels kernels) {
        this.network = network;
        this.pass = pass;
        this.seed = seed;
        this.rows = rows;
        this.batch = batch;
        this.kernels = kernels;
        steepness = kernels.allocate(2L * rows);
        none = kernels.allocate(0);
    }

    /// How much they count in one turn.
    ///
    /// @param r1 γ at reals
    /// @param r2 γ at fakes
    /// @param gp λ between them
    /// @param noise σ by which r1 and r2 are approximated; 0 = they are exact
    record Weights(double r1, double r2, double gp, double noise) {

        static Weights of(RunConfig.Penalty penalty, long step, int batch) {
            return new Weights(penalty.r1().at(step, batch), penalty.r2().at(step, batch), penalty.gp().at(step, batch), penalty.noise());
        }

        boolean any() {
            return atSamples() || gp > 0;
        }

        /// Whether the gradients of the samples' own logits are computed.
        boolean exact() {
            return atSamples() && noise == 0;
        }

        boolean approximate() {
            return atSamples() && noise > 0;
        }

        private boolean atSamples() {
            return r1 > 0 || r2 > 0;
        }
    }

    /// D's gradients from the slopes of its loss, which the pass has, and from the penalties, whose sum is added to `sums[at]`.
    ///
    /// @param from where the rows stand in the whole minibatch
    void backward(Weights weights, Moment moment, long from, Tensor sums, int at, Parameters gradients) {
        if (weights.exact()) {
            pass.pull(steepness);
            penalise(weights.r1, steepness.rows(0, rows), sums, at);
            penalise(weights.r2, steepness.rows(rows, rows), sums, at);
            pass.penalised(steepness, gradients);
        } else if (weights.approximate()) {
            nearby().look(pass, weights.r1, weights.r2, weights.noise, seed, moment, from, batch, sums, at);
            pass.backward(GradientTarget.replacing(gradients));
            nearby().backward(gradients);
        } else {
            pass.backward(GradientTarget.replacing(gradients));
        }
        if (weights.gp > 0) {
            between().penalise(pass, weights.gp, moment, Streams.shares(seed, moment).from(from), batch, sums, at, gradients);
        }
    }

    /// From squared lengths to the weights of what they are the squared lengths of.
    private void penalise(double gamma, Tensor squares, Tensor sums, int at) {
        kernels.loss(squares, HALF.times(gamma), batch, none, sums, at);
        kernels.fill(squares, gamma / batch);
    }

    private NearbyPass nearby() {
        if (nearby.isEmpty()) {
            nearby = Optional.of(new NearbyPass(network, kernels, rows, pass.fakes().extent(1)));
        }
        return nearby.get();
    }

    private MixedPass between() {
        if (between.isEmpty()) {
            between = Optional.of(new MixedPass(network, kernels, rows, pass.fakes().extent(1)));
        }
        return between.get();
    }
}
