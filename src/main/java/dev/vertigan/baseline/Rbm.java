package dev.vertigan.baseline;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// A restricted Boltzmann machine, p(v, h) ∝ exp(b·v + c·h + vᵀWh) of binary v and h, that learns by persistent contrastive divergence (Tieleman
/// 2008): the gradient of log p(v) is ⟨v hᵀ⟩ at the data less ⟨v hᵀ⟩ of the model, for which a crowd of Markov chains stands that goes on by one
/// Gibbs step an update and is never started anew.
///
/// Data in [0, 1] are taken as probabilities, and each time drawn anew.
public final class Rbm implements Baseline {

    private static final int WEIGHTS = 0; // streams of random numbers
    private static final int CHAINS = 1;
    private static final int DATA = 2;
    private static final int HIDDEN = 3;
    private static final int VISIBLE = 4;
    private static final double FIRST_DEVIATION = 0.01;
    private static final int STEPS_A_SAMPLE = 20; // of each chain between two that are drawn from it

    private final Kernels kernels;
    private final long seed;
    private final int batch;
    private final double rate;
    private final long updates; // over which the rate falls to 0
    private final Tensor weights; // [visible, hidden]
    private final Tensor biases; // [visible]
    private final Tensor hiddenBiases; // [hidden]
    private final Tensor data; // [batch, visible], binary
    private final Tensor hiddenOfData; // [batch, hidden], probabilities
    private final Tensor visible; // [batch, visible], the chains
    private final Tensor hidden; // [batch, hidden], of the chains: probabilities, then binary
    private final Tensor uniformVisible; // [batch, visible]
    private final Tensor uniformHidden; // [batch, hidden]
    private final Tensor product; // [visible, hidden]
    private final Tensor sums; // [visible]
    private final Tensor hiddenSums; // [hidden]
    private long t; // updates
    private long step; // of the chains

    /// @param batch samples of a minibatch, and chains
    /// @param rate of learning, which falls to 0 in a straight line
    /// @param updates that it will make
    public Rbm(int visible, int hidden, int batch, double rate, long updates, long seed, Kernels kernels) {
        this.kernels = kernels;
        this.seed = seed;
        this.batch = batch;
        this.rate = rate;
        this.updates = updates;
        weights = kernels.allocate(visible, hidden);
        kernels.addNormal(weights, (float) FIRST_DEVIATION, new Draw(seed, WEIGHTS, 0), weights);
        biases = kernels.allocate(visible);
        hiddenBiases = kernels.allocate(hidden);
        data = kernels.allocate(batch, visible);
        hiddenOfData = kernels.allocate(batch, hidden);
        this.visible = kernels.allocate(batch, visible);
        kernels.uniform(this.visible, 0, 1, new Draw(seed, CHAINS, 0));
        this.hidden = kernels.allocate(batch, hidden);
        uniformVisible = kernels.allocate(batch, visible);
        uniformHidden = kernels.allocate(batch, hidden);
        product = kernels.allocate(visible, hidden);
        sums = kernels.allocate(visible);
        hiddenSums = kernels.allocate(hidden);
    }

    @Override
    public double update(Tensor x) {
        float share = (float) (rate * (1 - (double) t / updates) / batch);
        t++;
        kernels.copy(x, data);
        flip(data, uniformVisible, DATA, t);
        hiddenGiven(data, hiddenOfData);
        gibbs();
        hiddenGiven(visible, hidden);
        learn(data, hiddenOfData, share);
        learn(visible, hidden, -share);
        return -reconstruction();
    }

    @Override
    public String measure() {
        return "log p(v|h) of reconstructions";
    }

    /// Adds a share of the statistics ⟨v hᵀ⟩, ⟨v⟩, ⟨h⟩, summed over the rows.
    private void learn(Tensor v, Tensor h, float share) {
        kernels.matmul(v, true, h, false, product, false);
        kernels.addScaled(product, share, weights);
        kernels.channelSums(v, sums, false);
        kernels.addScaled(sums, share, biases);
        kernels.channelSums(h, hiddenSums, false);
        kernels.addScaled(hiddenSums, share, hiddenBiases);
    }

    /// p(h = 1 | v).
    private void hiddenGiven(Tensor v, Tensor h) {
        kernels.matmul(v, false, weights, false, h, false);
        kernels.biasActivate(h, hiddenBiases, Activation.SIGMOID);
    }

    /// p(v = 1 | h).
    private void visibleGiven(Tensor h, Tensor v) {
        kernels.matmul(h, false, weights, true, v, false);
        kernels.biasActivate(v, biases, Activation.SIGMOID);
    }

    /// One step of every chain, v → h → v.
    void gibbs() {
        step++;
        hiddenGiven(visible, hidden);
        flip(hidden, uniformHidden, HIDDEN, step);
        visibleGiven(hidden, visible);
        flip(visible, uniformVisible, VISIBLE, step);
    }

    /// From probabilities to zeros and ones.
    private void flip(Tensor x, Tensor uniform, int stream, long number) {
        kernels.uniform(uniform, 0, 1, new Draw(seed, stream, number));
        for (long i = 0; i < x.size(); i++) {
            x.set(i, uniform.get(i) < x.get(i) ? 1 : 0);
        }
    }

    /// −log p(v|h) of the data by their hidden units' probabilities: not what is learned, but it shows that something is. It overwrites `uniform…`.
    private double reconstruction() {
        visibleGiven(hiddenOfData, uniformVisible);
        double loss = 0;
        for (long i = 0; i < data.size(); i++) {
            double p = uniformVisible.get(i);
            loss -= Math.log(Math.max(1e-12, data.get(i) > 0 ? p : 1 - p));
        }
        return loss / batch;
    }

    /// The log of the unnormalised probability of a state, `[visible]`, summed over all h: b·v + Σⱼ log(1 + exp(cⱼ + (vᵀW)ⱼ)).
    double score(double... v) {
        double score = 0;
        for (int i = 0; i < v.length; i++) {
            score += biases.get(i) * v[i];
        }
        for (int j = 0; j < hiddenBiases.size(); j++) {
            double a = hiddenBiases.get(j);
            for (int i = 0; i < v.length; i++) {
                a += v[i] * weights.get(i * hiddenBiases.size() + j);
            }
            score += Learner.softplus(a);
        }
        return score;
    }

    /// `[visible, hidden]`
    Tensor weights() {
        return weights;
    }

    /// Of the visible units, `[visible]`.
    Tensor biases() {
        return biases;
    }

    /// `[hidden]`
    Tensor hiddenBiases() {
        return hiddenBiases;
    }

    /// The chains' states, `[batch, visible]`.
    Tensor chains() {
        return visible;
    }

    /// As many as there are chains at a time, each some steps after the one before it.
    @Override
    public float[] draw(int count) {
        int features = Math.toIntExact(biases.size());
        var samples = new float[Math.multiplyExact(count, features)];
        for (int from = 0; from < count; from += batch) {
            for (int i = 0; i < STEPS_A_SAMPLE; i++) {
                gibbs();
            }
            visibleGiven(hidden, uniformVisible); // the probabilities that the newest states were drawn by
            for (int i = 0; i < Math.min(batch, count - from) * features; i++) {
                samples[from * features + i] = (float) uniformVisible.get(i);
            }
        }
        return samples;
    }
}
