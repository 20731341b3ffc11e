package dev.vertigan.objective;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Curve;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Loss;
import dev.vertigan.tensor.Tensor;

/// An objective at work on minibatches of logits: losses go into sums, slopes beside the logits, and nothing comes back to the host.
/// Not thread-safe.
public final class MinibatchObjective {

    private static final Loss SCORE = Loss.of(Curve.SIGMOID);
    private static final Loss LOGIT = Loss.of(Curve.LINEAR);
    private static final Loss BEYOND = Loss.of(Curve.RELU).at(1, -Objective.MOST_LOGIT);

    private final Objective objective;
    private final Kernels kernels;
    private final Tensor realMeasured; // [n, 1]: the reals' logits against the fakes'
    private final Tensor fakeMeasured; // [n, 1]
    private final Tensor realSlopes; // [n, 1]: of the measured logits
    private final Tensor averaging; // [1, n]: 1/n
    private final Tensor minus; // [n, 1]: −1
    private final Tensor mean; // [1, 1]
    private final Tensor zero; // [1]
    private final Tensor none; // []
    private final Tensor discarded; // float64 [1]

    /// @param rows the logits of each kind
    public MinibatchObjective(Objective objective, Kernels kernels, long rows) {
        this.objective = objective;
        this.kernels = kernels;
        realMeasured = kernels.allocate(rows, 1);
        fakeMeasured = kernels.allocate(rows, 1);
        realSlopes = kernels.allocate(rows, 1);
        averaging = kernels.allocate(1, rows);
        minus = kernels.allocate(rows, 1);
        mean = kernels.allocate(1, 1);
        zero = kernels.allocate(1);
        none = kernels.allocate(0);
        discarded = kernels.sums(1);
        kernels.fill(averaging, 1.0 / rows);
        kernels.fill(minus, -1);
    }

    /// D's loss, added to `sums[at]`, and its slopes. All of it is divided by the samples in the whole minibatch.
    ///
    /// @param reals logits `[n, 1]`; fakes alike
    /// @param realLabel what D should say of reals, where the objective has labels
    /// @param of samples in the whole minibatch
    /// @param realSlope `[n, 1]`, overwritten; fakeSlope alike
    public void judge(Tensor reals, Tensor fakes, double realLabel, long of, Tensor realSlope, Tensor fakeSlope, Tensor sums, int at) {
        write(reals, fakes, objective.real().apply(realLabel), objective.fake(), of, realSlope, fakeSlope, sums, at);
    }

    /// G's loss, added to `sums[at]`, and its slopes at the fakes.
    ///
    /// @param reals not looked at unless the objective needs them
    public void critique(Tensor reals, Tensor fakes, long of, Tensor fakeSlope, Tensor sums, int at) {
        if (objective.needsReals()) {
            write(reals, fakes, objective.generatorReal(), objective.generatorFake(), of, realSlopes, fakeSlope, sums, at);
        } else {
            kernels.loss(objective.unbounded() ? bounded(fakes) : fakes, objective.generatorFake(), of, fakeSlope, sums, at);
        }
    }

    /// No logit above the largest: b − max(0, b − a).
    private Tensor bounded(Tensor logits) {
        kernels.fill(fakeMeasured, Objective.MOST_LOGIT);
        kernels.addScaled(logits, -1, fakeMeasured);
        kernels.biasActivate(fakeMeasured, zero, Activation.RELU);
        kernels.fill(realMeasured, Objective.MOST_LOGIT);
        kernels.addScaled(fakeMeasured, -1, realMeasured);
        return realMeasured;
    }

    /// The share of logits that count as the largest, added to `sums[at]`; nothing where they are not bounded.
    public void boundedShare(Tensor logits, long of, Tensor sums, int at) {
        if (objective.unbounded()) {
            kernels.loss(logits, BEYOND, of, realMeasured, discarded, 0); // its slope is 1 beyond, else 0
            kernels.loss(realMeasured, LOGIT.times(of), of, none, sums, at);
        }
    }

    private void write(Tensor reals, Tensor fakes, Loss real, Loss fake, long of, Tensor realSlope, Tensor fakeSlope, Tensor sums, int at) {
        if (!objective.needsReals()) {
            kernels.loss(reals, real, of, realSlope, sums, at);
            kernels.loss(fakes, fake, of, fakeSlope, sums, at);
            return;
        }
        measure(reals, fakes, realMeasured);
        measure(fakes, reals, fakeMeasured);
        kernels.loss(realMeasured, real, of, realMeasured, sums, at);
        kernels.loss(fakeMeasured, fake, of, fakeMeasured, sums, at);
        // Measuring is its own adjoint: what a real's logit does to its own side, less what it does to the other.
        measure(realMeasured, fakeMeasured, realSlope);
        measure(fakeMeasured, realMeasured, fakeSlope);
    }

    /// `out = a − b`, b being each one's partner or the mean.
    private void measure(Tensor a, Tensor b, Tensor out) {
        kernels.copy(a, out);
        if (objective.versus() == Objective.Versus.MEAN) {
            kernels.matmul(averaging, false, b, false, mean, false);
            kernels.matmul(minus, false, mean, false, out, true);
        } else {
            kernels.addScaled(b, -1, out);
        }
    }

    /// The mean of σ(a), added to `sums[at]`.
    public void score(Tensor logits, long of, Tensor sums, int at) {
        kernels.loss(logits, SCORE, of, none, sums, at);
    }

    public Objective formula() {
        return objective;
    }
}
