package dev.vertigan.game;

import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Curve;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Loss;
import dev.vertigan.tensor.Tensor;
import java.util.List;

/// D's pass over a third minibatch, points between each real and its fake, where WGAN-GP wants a slope of 1: λ · E(‖∂D/∂x‖ − 1)²
/// (Gulrajani et al. 2017, equation 3 and algorithm 1).
///
/// With v = ∂D/∂x its gradient is that of Σᵢ wᵢ/2 · ‖∂D/∂xᵢ‖² for wᵢ = 2λ/B · (1 − 1/‖vᵢ‖): exact by a tangent pass where D is made of
/// linear pieces, and 0 where v is.
final class MixedPass {

    private static final Loss FROM_UNIT_LENGTH = Loss.of(Curve.FROM_UNIT_LENGTH);

    private final Kernels kernels;
    private final int rows;
    private final Trace trace;
    private final Tensor mixed; // [rows, features]
    private final Tensor others; // [rows, features]: scratch
    private final Tensor share; // [rows]: of the real
    private final Tensor rest; // [rows]
    private final Tensor squares; // [rows]
    private final Tensor weights; // [rows]
    private final Tensor zero; // [rows]
    private final Tensor none; // [0]
    private final Tensor discarded; // float64 [1]

    MixedPass(Network network, Kernels kernels, int rows, long features) {
        this.kernels = kernels;
        this.rows = rows;
        trace = network.trace(rows, kernels);
        mixed = kernels.allocate(rows, features);
        others = kernels.allocate(rows, features);
        share = kernels.allocate(rows);
        rest = kernels.allocate(rows);
        squares = kernels.allocate(rows);
        weights = kernels.allocate(rows);
        zero = kernels.allocate(rows);
        none = kernels.allocate(0);
        discarded = kernels.sums(1);
    }

    /// Adds the penalty to `sums[at]` and its gradient to D's.
    ///
    /// @param pairs whose reals and fakes it mixes, each pair of one class
    /// @param lambda λ
    /// @param draw of the shares of the reals, U(0, 1), from the first row's
    /// @param batch rows of the whole minibatch
    void penalise(PairPass pairs, double lambda, Moment moment, Draw draw, long batch, Tensor sums, int at, Parameters into) {
        kernels.uniform(share, 0, 1, draw);
        kernels.fill(rest, 1);
        kernels.addScaled(share, -1, rest);
        kernels.copy(pairs.fakes(), others);
        kernels.combineRows(pairs.reals(), share, others, rest, mixed);
        var place = new Pass.Stretch(2 * batch + draw.from(), rows);
        trace.forward(mixed, Pass.training(moment.key(), moment.phase()).at(List.of(place)).of(pairs.classesOfReals()));
        var slopes = trace.pull();
        kernels.squaresOfRows(slopes, squares);
        kernels.loss(squares, FROM_UNIT_LENGTH.times(lambda), batch, none, sums, at);
        kernels.loss(squares, FROM_UNIT_LENGTH.times(2 * lambda), batch, weights, discarded, 0);
        kernels.copy(slopes, others); // is used up
        trace.push(others);
        trace.gradient(zero, weights, GradientTarget.adding(into));
    }
}
