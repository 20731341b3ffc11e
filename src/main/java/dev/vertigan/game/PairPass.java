package dev.vertigan.game;

import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// D's pass over some reals and as many fakes: one for both where D looks at each sample alone, else one for each (batch norm must not tell
/// reals from fakes by the company they keep).
final class PairPass {

    private static final int OF_FAKES = 128; // phase of the fakes' own pass

    private final Kernels kernels;
    private final int rows;
    private final boolean apart;
    private final Tensor seen; // [2·rows, features]: reals, then fakes
    private final Tensor reals; // its first half
    private final Tensor fakes; // its second half
    private final Optional<Tensor> classes; // [2·rows, classes], one-hot: of the reals, then of the fakes; none if D does not look
    private final Tensor slopes; // [2·rows, 1]
    private final Trace both; // or the reals alone
    private final Trace fakesAlone;
    private Tensor realLogits;
    private Tensor fakeLogits;
    private Tensor pulled; // [2·rows, features]: the gradient of each sample's own logit; empty until there is a penalty
    private Tensor direction; // [2·rows, features]

    /// @param rows reals, and fakes
    PairPass(Network network, Kernels kernels, int rows, long features) {
        this.kernels = kernels;
        this.rows = rows;
        apart = network.architecture().crossSample();
        seen = kernels.allocate(2L * rows, features);
        reals = seen.rows(0, rows);
        fakes = seen.rows(rows, rows);
        int count = network.architecture().classes();
        classes = count == 0 ? Optional.empty() : Optional.of(kernels.allocate(2L * rows, count));
        slopes = kernels.allocate(2L * rows, 1);
        both = network.trace(apart ? rows : 2L * rows, kernels);
        fakesAlone = apart ? network.trace(rows, kernels) : both;
        realLogits = slopes.rows(0, rows);
        fakeLogits = slopes.rows(rows, rows);
        pulled = kernels.allocate(0);
        direction = pulled;
    }

    /// That of both, or of the reals.
    Trace trace() {
        return both;
    }

    /// Where the reals go before [#forward], `[rows, features]`.
    Tensor reals() {
        return reals;
    }

    /// Where the fakes go, `[rows, features]`.
    Tensor fakes() {
        return fakes;
    }

    /// Takes the classes of samples, before the pass over them.
    void label(Batch samples, boolean real) {
        classes.ifPresent(all -> kernels.oneHot(samples.labels().orElseThrow(), all.rows(real ? 0 : rows, rows)));
    }

    /// Takes the classes of another pass.
    void classesOf(PairPass other) {
        classes.ifPresent(all -> kernels.copy(other.classes.orElseThrow(), all));
    }

    /// One-hot, `[rows, classes]`; none if D does not look at them.
    Optional<Tensor> classesOfReals() {
        return classes(0);
    }

    private Optional<Tensor> classes(long from) {
        return classes.map(all -> all.rows(from, rows));
    }

    /// @param statistics takes batch norm's, of the reals and of the fakes; empty if they are not wanted
    /// @param from where the rows stand in the whole minibatch
    /// @param batch rows of the whole minibatch
    void forward(Moment moment, List<Parameters> statistics, long from, long batch) {
        var pass = Pass.training(moment.key(), moment.phase());
        if (apart) {
            realLogits = both.forward(reals, tracking(pass, statistics, 0).at(places(batch, from)).of(classes(0)));
            fakeLogits = fakesAlone.forward(fakes, tracking(ofFakes(moment), statistics, 1).at(places(batch, from)).of(classes(rows)));
        } else {
            var logits = both.forward(seen, pass.at(places(batch, from, batch + from)).of(classes));
            realLogits = logits.rows(0, rows);
            fakeLogits = logits.rows(rows, rows);
        }
    }

    private List<Pass.Stretch> places(long batch, long... first) {
        return rows == batch ? List.of() : Arrays.stream(first).mapToObj(row -> new Pass.Stretch(row, rows)).toList();
    }

    /// A pass over fakes alone, after which [#fakeSlopes] and [#fakeGradientAlone] may be used.
    ///
    /// @param x the fakes, `[rows, features]`
    Tensor forwardFakes(Tensor x, Moment moment, long from, long batch) {
        fakeLogits = fakesAlone.forward(x, Pass.training(moment.key(), moment.phase()).at(places(batch, from)).of(classes(rows)));
        return fakeLogits;
    }

    /// The gradient at the fakes of [#forwardFakes], from their slopes, `[rows, features]`.
    Tensor fakeGradientAlone() {
        fakesAlone.backward(fakeSlopes(), GradientTarget.NONE);
        return fakesAlone.inputGradient(0, rows);
    }

    private static Pass ofFakes(Moment moment) {
        return Pass.training(moment.key(), moment.phase() | OF_FAKES);
    }

    private static Pass tracking(Pass pass, List<Parameters> statistics, int of) {
        return statistics.isEmpty() ? pass : pass.tracking(statistics.get(of));
    }

    Tensor realLogits() {
        return realLogits;
    }

    Tensor fakeLogits() {
        return fakeLogits;
    }

    /// Where the slopes go before [#backward], `[rows, 1]`.
    Tensor realSlopes() {
        return slopes.rows(0, rows);
    }

    /// As [#realSlopes], of the fakes.
    Tensor fakeSlopes() {
        return slopes.rows(rows, rows);
    }

    /// D's gradients from the slopes, which are overwritten.
    void backward(GradientTarget into) {
        if (apart) {
            both.backward(realSlopes(), into);
            fakesAlone.backward(fakeSlopes(), into.further());
        } else {
            both.backward(slopes, into);
        }
    }

    /// Prepares [#penalised]: the gradient of each sample's own logit, then the tangent along it.
    ///
    /// @param squares overwritten with the squared lengths of these gradients, `[2·rows]`: of the reals, then of the fakes
    void pull(Tensor squares) {
        if (pulled.size() == 0) {
            pulled = kernels.allocate(seen.shape());
            direction = kernels.allocate(seen.shape());
        }
        kernels.copy(both.pull(), pulled);
        kernels.squaresOfRows(pulled, squares);
        kernels.copy(pulled, direction); // is used up
        both.push(direction);
    }

    /// D's gradients from the slopes and the penalty's weights `[2·rows]`, after [#pull].
    void penalised(Tensor weights, Parameters into) {
        both.gradient(slopes.reshape(2L * rows), weights, GradientTarget.replacing(into));
    }

    /// The gradient of each fake's own logit, after [#pull], `[rows, features]`.
    Tensor fakePull() {
        return pulled.rows(rows, rows);
    }

    /// The gradient at the fakes after [#backward], `[rows, features]`.
    Tensor fakeGradient() {
        return apart ? fakesAlone.inputGradient(0, rows) : both.inputGradient(rows, rows);
    }

    /// The gradient at the fakes from their slopes alone, `[rows, features]`.
    Tensor fakeGradientOfSlopes() {
        if (apart) {
            return fakeGradientAlone();
        }
        kernels.fill(realSlopes(), 0);
        both.backward(slopes, GradientTarget.NONE);
        return fakeGradient();
    }
}
