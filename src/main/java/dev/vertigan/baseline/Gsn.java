package dev.vertigan.baseline;

import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Pass;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;

/// A denoising autoencoder as a generative stochastic network (Bengio et al. 2013, "Generalized Denoising Auto-Encoders as Generative Models";
/// Bengio et al. 2014): it learns p(x|x̃) of a sample from a corrupted one, in which each pixel is with some probability black or white at
/// random. To corrupt and to draw from p(x|x̃) in turn is a Markov chain whose distribution comes to that of the data.
///
/// It learns by walkback (algorithm 1 of the first): the chain goes on for some steps from each sample, and from wherever it is it learns the way
/// back to that sample, so that it unlearns what it makes up far from the data.
public final class Gsn implements Baseline {

    private static final int NETWORK = 0; // streams of random numbers
    private static final int PLACES = 1;
    private static final int SALT = 2;
    private static final int STATES = 3;
    private static final int CHAINS = 4;
    private static final int STEPS_A_SAMPLE = 20; // of each chain between two that are drawn from it

    private final Kernels kernels;
    private final long seed;
    private final int batch;
    private final double corruption;
    private final int walk;
    private final Learner learner;
    private final Tensor state; // [batch, features], where walks are
    private final Tensor chains; // [batch, features], from which samples are drawn
    private final Tensor corrupted; // [batch, features]
    private final Tensor uniform; // [batch, features]
    private final Tensor salt; // [batch, features]
    private final Tensor slopes; // [batch, features]
    private long t; // updates
    private long step; // of walks and chains

    /// @param hidden units of the one hidden layer
    /// @param corruption probability of a pixel to be made black or white
    /// @param walk steps from each sample, 1 or more: 1 is no walk, but plain denoising
    public Gsn(int features, int hidden, double corruption, int walk, int batch, long seed, Kernels kernels) {
        this.kernels = kernels;
        this.seed = seed;
        this.batch = batch;
        this.corruption = corruption;
        this.walk = walk;
        learner = new Learner(List.of("dense " + hidden + " tanh", "output"), features, features, batch, kernels, seed, NETWORK);
        state = kernels.allocate(batch, features);
        chains = kernels.allocate(batch, features);
        kernels.uniform(chains, 0, 1, new Draw(seed, CHAINS, 0));
        corrupted = kernels.allocate(batch, features);
        uniform = kernels.allocate(batch, features);
        salt = kernels.allocate(batch, features);
        slopes = kernels.allocate(batch, features);
    }

    @Override
    public double update(Tensor x) {
        kernels.copy(x, state);
        double loss = 0;
        for (int i = 0; i < walk; i++) {
            corrupt(state);
            loss += gradients(x, corrupted) / walk;
            learner.step(++t);
            if (i + 1 < walk) {
                draw(learner.trace().forward(corrupted, Pass.INFERENCE), state);
            }
        }
        return -loss;
    }

    @Override
    public String measure() {
        return "log p(x|x̃)";
    }

    /// −log p(x|x̃), a sample's mean, and its gradient with respect to all weights.
    double gradients(Tensor x, Tensor from) {
        double loss = Learner.crossEntropy(x, learner.trace().forward(from, Pass.training(t, 0)), slopes);
        learner.trace().backward(slopes, GradientTarget.replacing(learner.gradients()));
        return loss;
    }

    /// Leaves it in `corrupted`.
    private void corrupt(Tensor x) {
        step++;
        kernels.uniform(uniform, 0, 1, new Draw(seed, PLACES, step));
        kernels.uniform(salt, 0, 1, new Draw(seed, SALT, step));
        for (long i = 0; i < x.size(); i++) {
            corrupted.set(i, uniform.get(i) >= corruption ? x.get(i) : salt.get(i) < 0.5 ? 0 : 1);
        }
    }

    /// Pixels of those logits.
    private void draw(Tensor logits, Tensor into) {
        kernels.uniform(uniform, 0, 1, new Draw(seed, STATES, step));
        for (long i = 0; i < logits.size(); i++) {
            into.set(i, uniform.get(i) < Learner.sigmoid(logits.get(i)) ? 1 : 0);
        }
    }

    /// p of each pixel being white given a corrupted sample, `[batch, features]` as one array.
    double[] restored(Tensor from) {
        var logits = learner.trace().forward(from, Pass.INFERENCE);
        var pixels = new double[Math.toIntExact(logits.size())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Learner.sigmoid(logits.get(i));
        }
        return pixels;
    }

    /// What it learns.
    Learner learner() {
        return learner;
    }

    /// As many as there are chains at a time, each some steps after the one before it.
    @Override
    public float[] draw(int count) {
        int features = Math.toIntExact(chains.extent(1));
        var samples = new float[Math.multiplyExact(count, features)];
        for (int from = 0; from < count; from += batch) {
            for (int i = 0; i < STEPS_A_SAMPLE; i++) {
                corrupt(chains);
                draw(learner.trace().forward(corrupted, Pass.INFERENCE), chains);
            }
            double[] probabilities = restored(corrupted); // that the newest states were drawn by
            for (int i = 0; i < Math.min(batch, count - from) * features; i++) {
                samples[from * features + i] = (float) probabilities[i];
            }
        }
        return samples;
    }
}
