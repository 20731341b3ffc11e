package dev.vertigan.game;

import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Parameters;
import dev.vertigan.tensor.Curve;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Loss;
import dev.vertigan.tensor.Tensor;
import java.util.List;

/// How steep D is, for a D that is not made of linear pieces: by the difference that a little noise at its inputs makes. As σ goes to 0,
/// `E (D(x + σu) − D(x))² / σ²` for u ~ N(0, 1) goes to E‖∂D/∂x‖².
final class NearbyPass {

    private static final Loss SQUARE = Loss.of(Curve.SQUARE);

    private final Kernels kernels;
    private final PairPass near;
    private final Tensor difference; // [rows, 1]

    NearbyPass(Network network, Kernels kernels, int rows, long features) {
        this.kernels = kernels;
        near = new PairPass(network, kernels, rows, features);
        difference = kernels.allocate(rows, 1);
    }

    /// Looks at points near those of a pass whose slopes are those of D's loss: adds γ/2σ² · (D(x + σu) − D(x))², divided by the minibatch,
    /// to `sums[at]` and its slopes at x to those of the pass. [#backward] must follow the pass' own.
    ///
    /// @param r1 γ at reals
    /// @param r2 γ at fakes
    /// @param sigma σ
    /// @param from where the rows stand in the whole minibatch
    void look(PairPass pass, double r1, double r2, double sigma, long seed, Moment moment, long from, long batch, Tensor sums, int at) {
        near.classesOf(pass);
        kernels.addNormal(pass.reals(), (float) sigma, Streams.nearby(seed, moment, true).from(from), near.reals());
        kernels.addNormal(pass.fakes(), (float) sigma, Streams.nearby(seed, moment, false).from(from), near.fakes());
        near.forward(moment, List.of(), from, batch);
        differ(near.realLogits(), pass.realLogits(), r1 / (2 * sigma * sigma), batch, near.realSlopes(), pass.realSlopes(), sums, at);
        differ(near.fakeLogits(), pass.fakeLogits(), r2 / (2 * sigma * sigma), batch, near.fakeSlopes(), pass.fakeSlopes(), sums, at);
    }

    private void differ(Tensor nearby, Tensor logits, double factor, long batch, Tensor slopesNearby, Tensor slopes, Tensor sums, int at) {
        kernels.copy(nearby, difference);
        kernels.addScaled(logits, -1, difference);
        kernels.loss(difference, SQUARE.times(factor), batch, slopesNearby, sums, at);
        kernels.addScaled(slopesNearby, -1, slopes);
    }

    /// Adds the gradient through the points nearby.
    void backward(Parameters gradients) {
        near.backward(GradientTarget.adding(gradients));
    }
}
