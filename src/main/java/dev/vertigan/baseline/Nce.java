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
/// By Adam, as the weights of all hidden units together move log p thousands of times as far as each by itself: plain steps that are small enough
/// for that leave the rest where it was. Data in [0, 1] are taken as probabilities, and each time drawn anew.
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
    private final Tensor uniform; // [batch, visible]
    private final Tensor v; // [2·batch, visible], binary: data, then noise
    private final Tensor weightedV; // [2·batch, visible]
    private final Tensor hidden; // [2·batch, hidden], probabilities
    private final Tensor slopes; // [2·batch], of the loss at log p
    private final List<Learned> learned; // W, b, c and c₀
    private final Tensor squares;
    private long t; // updates

    /// What Adam makes steps of.
    ///
    /// @param gradient of the loss
    /// @param m its mean of late
    /// @param v that of its square
    record Learned(Tensor values, Tensor gradient, Tensor m, Tensor v) {

        static Learned of(Tensor values, Kernels kernels) {
            long[] shape = values.shape();
            return new Learned(values, kernels.allocate(shape), kernels.allocate(shape), kernels.allocate(shape));
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
        double logConstant = -hiddenUnits * Math.log(2);
        for (int i = 0; i < visible; i++) { // it begins as the noise
            double p = Math.clamp(means[i], LEAST, 1 - LEAST);
            logits[i] = Math.log(p / (1 - p));
            machine.biases().set(i, logits[i]);
            logConstant -= Learner.softplus(logits[i]);
        }
        var constant = kernels.allocate(1);
        constant.set(0, logConstant);
        uniform = kernels.allocate(batch, visible);
        v = kernels.allocate(2L * batch, visible);
        weightedV = kernels.allocate(2L * batch, visible);
        hidden = kernels.allocate(2L * batch, hiddenUnits);
        slopes = kernels.allocate(2L * batch);
        learned = List.of(Learned.of(machine.weights(), kernels), Learned.of(machine.biases(), kernels), Learned.of(machine.hiddenBiases(), kernels),
                Learned.of(constant, kernels));
        squares = kernels.sums(3);
    }

    @Override
    public double update(Tensor x) {
        float share = (float) (rate * (1 - (double) t / updates));
        t++;
        draw(x);
        double objective = judge();
        gradients();
        learned.forEach(part -> kernels.adamStep(part.values, part.gradient, part.m, part.v, share, 0.9f, 0.999f, 1e-8f, t, squares));
        return objective;
    }

    /// Data and noise of the next update.
    private void draw(Tensor x) {
        kernels.uniform(uniform, 0, 1, new Draw(seed, DATA, t));
        for (long i = 0; i < x.size(); i++) {
            v.set(i, uniform.get(i) < x.get(i) ? 1 : 0);
        }
        kernels.uniform(uniform, 0, 1, new Draw(seed, NOISE, t));
        for (long i = 0; i < x.size(); i++) {
            v.set(x.size() + i, uniform.get(i) < Learner.sigmoid(logits[(int) (i % logits.length)]) ? 1 : 0);
        }
    }

    /// Leaves the hidden units' probabilities and the slopes of the loss at log p.
    ///
    /// @return the objective, less which is the loss (equation 9 of the 2012 paper): E log σ(G(v)) over data + E log(1 − σ(G(v))) over noise, where
    ///         G is log p − log pₙ
    private double judge() {
        kernels.matmul(v, false, machine.weights(), false, hidden, false);
        int units = Math.toIntExact(hidden.extent(1));
        double objective = 0;
        for (int row = 0; row < 2 * batch; row++) {
            double g = logConstant();
            for (int i = 0; i < logits.length; i++) {
                g += v.get((long) row * logits.length + i) * (machine.biases().get(i) - logits[i]) + Learner.softplus(logits[i]);
            }
            for (int j = 0; j < units; j++) {
                long at = (long) row * units + j;
                double a = hidden.get(at) + machine.hiddenBiases().get(j);
                g += Learner.softplus(a);
                hidden.set(at, Learner.sigmoid(a));
            }
            boolean real = row < batch;
            objective -= Learner.softplus(real ? -g : g) / batch;
            slopes.set(row, (real ? -Learner.sigmoid(-g) : Learner.sigmoid(g)) / batch);
        }
        return objective;
    }

    private void gradients() {
        kernels.scaleRows(hidden, slopes);
        kernels.copy(v, weightedV);
        kernels.scaleRows(weightedV, slopes);
        kernels.matmul(v, true, hidden, false, learned.get(0).gradient, false);
        kernels.channelSums(weightedV, learned.get(1).gradient, false);
        kernels.channelSums(hidden, learned.get(2).gradient, false);
        double sum = 0;
        for (long row = 0; row < slopes.size(); row++) {
            sum += slopes.get(row);
        }
        learned.get(3).gradient.set(0, sum);
    }

    @Override
    public String measure() {
        return "log p of telling data and noise";
    }

    /// c₀, which comes to −log Z.
    double logConstant() {
        return learned.get(3).values.get(0);
    }

    /// W, b, c and c₀, with the gradients of the last update.
    List<Learned> learned() {
        return learned;
    }

    /// The states of the last update, `[batch][visible]`.
    List<double[]> seen(boolean real) {
        int first = real ? 0 : batch;
        return IntStream.range(first, first + batch)
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
