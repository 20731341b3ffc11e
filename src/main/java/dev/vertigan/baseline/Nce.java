package dev.vertigan.baseline;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// The distribution of a restricted Boltzmann machine, fitted by noise-contrastive estimation (Gutmann & Hyvärinen 2010 and 2012): a model that is
/// not normalised, log p(v) = b·v + Σⱼ log(1 + exp(cⱼ + (vᵀW)ⱼ)) + c₀, learns to tell data from noise whose distribution is known, and c₀ comes to
/// −log Z by itself. The discriminator is log p(v) − log pₙ(v), and the noise, unlike a generator, never learns: here pixels that are white as often
/// as the data's, each by itself.
///
/// Data in [0, 1] are taken as probabilities, and each time drawn anew.
public final class Nce implements Baseline {

    private static final int DATA = 10; // streams of random numbers, beside those of the machine
    private static final int NOISE = 11;
    private static final double LEAST = 1e-3; // probability of black and of white

    private final Kernels kernels;
    private final long seed;
    private final int batch;
    private final double rate;
    private final long updates; // over which the rate falls to 0
    private final double[] logits; // of the noise's pixels
    private final Rbm machine;
    private final Side data;
    private final Side noise;
    private final Tensor uniform; // [batch, visible]
    private double logConstant; // c₀
    private long t; // updates

    /// What is told apart.
    ///
    /// @param v `[batch, visible]`, binary
    /// @param hidden `[batch, hidden]`, probabilities
    /// @param slopes `[batch]`, at log p
    private record Side(boolean real, Tensor v, Tensor weightedV, Tensor hidden, Tensor weightedHidden, Tensor slopes) {

        static Side of(boolean real, Kernels kernels, int batch, int visible, int hidden) {
            return new Side(real, kernels.allocate(batch, visible), kernels.allocate(batch, visible), kernels.allocate(batch, hidden),
                    kernels.allocate(batch, hidden), kernels.allocate(batch));
        }
    }

    /// @param means of the data's pixels, in [0, 1]
    /// @param rate of learning, which falls to 0 in a straight line
    /// @param updates that it will make
    public Nce(double[] means, int hiddenUnits, int batch, double rate, long updates, long seed, Kernels kernels) {
        this.kernels = kernels;
        this.seed = seed;
        this.batch = batch;
        this.rate = rate;
        this.updates = updates;
        int visible = means.length;
        machine = new Rbm(visible, hiddenUnits, batch, 0, 1, seed, kernels);
        logits = new double[visible];
        logConstant = -hiddenUnits * Math.log(2);
        for (int i = 0; i < visible; i++) { // it begins as the noise
            double p = Math.clamp(means[i], LEAST, 1 - LEAST);
            logits[i] = Math.log(p / (1 - p));
            machine.biases().set(i, logits[i]);
            logConstant -= Learner.softplus(logits[i]);
        }
        data = Side.of(true, kernels, batch, visible, hiddenUnits);
        noise = Side.of(false, kernels, batch, visible, hiddenUnits);
        uniform = kernels.allocate(batch, visible);
    }

    @Override
    public double update(Tensor x) {
        float share = (float) (rate * (1 - (double) t / updates));
        t++;
        draw(x);
        return step(share);
    }

    /// Data and noise of the next update.
    private void draw(Tensor x) {
        kernels.uniform(uniform, 0, 1, new Draw(seed, DATA, t));
        for (long i = 0; i < x.size(); i++) {
            data.v.set(i, uniform.get(i) < x.get(i) ? 1 : 0);
        }
        kernels.uniform(uniform, 0, 1, new Draw(seed, NOISE, t));
        for (long i = 0; i < x.size(); i++) {
            noise.v.set(i, uniform.get(i) < Learner.sigmoid(logits[(int) (i % logits.length)]) ? 1 : 0);
        }
    }

    /// Goes that far up the gradient of the objective (equation 9 of the 2012 paper), E log σ(G(v)) over data + E log(1 − σ(G(v))) over noise, where
    /// G is log p − log pₙ.
    ///
    /// @return the objective before
    private double step(float share) {
        double objective = judge(data) + judge(noise);
        learn(data, share);
        learn(noise, share);
        return objective;
    }

    private void learn(Side side, float share) {
        logConstant += share * sum(side.slopes);
        kernels.copy(side.hidden, side.weightedHidden);
        kernels.scaleRows(side.weightedHidden, side.slopes);
        kernels.copy(side.v, side.weightedV);
        kernels.scaleRows(side.weightedV, side.slopes);
        machine.learn(side.weightedV, side.hidden, side.weightedHidden, share);
    }

    /// Leaves the hidden units' probabilities and the slopes at log p.
    ///
    /// @return the mean log probability of telling which it is
    private double judge(Side side) {
        kernels.matmul(side.v, false, machine.weights(), false, side.hidden, false);
        int units = Math.toIntExact(side.hidden.extent(1));
        double objective = 0;
        for (int row = 0; row < batch; row++) {
            double g = logConstant;
            for (int i = 0; i < logits.length; i++) {
                g += side.v.get((long) row * logits.length + i) * (machine.biases().get(i) - logits[i]) + Learner.softplus(logits[i]);
            }
            for (int j = 0; j < units; j++) {
                long at = (long) row * units + j;
                double a = side.hidden.get(at) + machine.hiddenBiases().get(j);
                g += Learner.softplus(a);
                side.hidden.set(at, Learner.sigmoid(a));
            }
            objective -= Learner.softplus(side.real ? -g : g) / batch;
            side.slopes.set(row, (side.real ? Learner.sigmoid(-g) : -Learner.sigmoid(g)) / batch);
        }
        return objective;
    }

    private static double sum(Tensor x) {
        double sum = 0;
        for (long i = 0; i < x.size(); i++) {
            sum += x.get(i);
        }
        return sum;
    }

    @Override
    public String measure() {
        return "log p of telling data and noise";
    }

    /// c₀, which comes to −log Z.
    double logConstant() {
        return logConstant;
    }

    /// The states of the last update, `[batch][visible]`.
    List<double[]> seen(boolean real) {
        var v = real ? data.v : noise.v;
        return IntStream.range(0, batch)
                .mapToObj(row -> IntStream.range(0, logits.length).mapToDouble(i -> v.get((long) row * logits.length + i)).toArray()).toList();
    }

    /// Has the parameters, and draws from them.
    Rbm machine() {
        return machine;
    }

    /// From the machine's Markov chains, as it has no other way either.
    @Override
    public float[] draw(int count) {
        return machine.draw(count);
    }
}
