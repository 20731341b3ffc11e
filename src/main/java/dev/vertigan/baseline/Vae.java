package dev.vertigan.baseline;

import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Pass;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;

/// A variational autoencoder (Kingma & Welling 2014, "Auto-Encoding Variational Bayes"): q(z|x) = N(μ, diag σ²) by an encoder, p(x|z) Bernoulli
/// pixels by a decoder, z ~ N(0, 1). It maximises the evidence lower bound, eq. 10, with one z = μ + σε a sample:
///
///     log p(x|z) + ½ Σⱼ (1 + log σⱼ² − μⱼ² − σⱼ²)
public final class Vae implements Baseline {

    private static final int ENCODER = 0; // streams of random numbers
    private static final int DECODER = 1;
    private static final int NOISE = 2;
    private static final int SAMPLES = 3;

    private final Kernels kernels;
    private final long seed;
    private final int batch;
    private final int latent;
    private final Learner encoder;
    private final Learner decoder;
    private final Tensor epsilon; // [batch, latent]
    private final Tensor z; // [batch, latent]
    private final Tensor slopesOfCode; // [batch, 2 · latent]
    private final Tensor slopesOfPixels; // [batch, features]
    private long t; // updates
    private long drawn; // samples

    /// @param features pixels of a sample
    /// @param hidden units of the one hidden layer on either side
    /// @param latent numbers in z
    public Vae(int features, int hidden, int latent, int batch, long seed, Kernels kernels) {
        this.kernels = kernels;
        this.seed = seed;
        this.batch = batch;
        this.latent = latent;
        var layers = List.of("dense " + hidden + " relu", "output");
        encoder = new Learner(layers, features, 2 * latent, batch, kernels, seed, ENCODER);
        decoder = new Learner(layers, latent, features, batch, kernels, seed, DECODER);
        epsilon = kernels.allocate(batch, latent);
        z = kernels.allocate(batch, latent);
        slopesOfCode = kernels.allocate(batch, 2L * latent);
        slopesOfPixels = kernels.allocate(batch, features);
    }

    @Override
    public double update(Tensor x) {
        t++;
        double loss = gradients(x);
        encoder.step(t);
        decoder.step(t);
        return -loss;
    }

    @Override
    public String measure() {
        return "lower bound";
    }

    /// The negative lower bound, a sample's mean, and its gradient with respect to all weights.
    double gradients(Tensor x) {
        var pass = Pass.training(t, 0);
        var code = encoder.trace().forward(x, pass); // μ and log σ² of each sample
        kernels.normal(epsilon, new Draw(seed, NOISE, t));
        for (int i = 0; i < batch; i++) {
            for (int j = 0; j < latent; j++) {
                long at = (long) i * latent + j;
                z.set(at, mean(code, i, j) + deviation(code, i, j) * epsilon.get(at));
            }
        }
        double loss = Learner.crossEntropy(x, decoder.trace().forward(z, pass), slopesOfPixels);
        decoder.trace().backward(slopesOfPixels, GradientTarget.replacing(decoder.gradients()));
        loss += divergence(code, decoder.trace().inputGradient(0, batch));
        encoder.trace().backward(slopesOfCode, GradientTarget.replacing(encoder.gradients()));
        return loss;
    }

    private double mean(Tensor code, int i, int j) {
        return code.get(2L * i * latent + j);
    }

    private double deviation(Tensor code, int i, int j) {
        return Math.exp(code.get((2L * i + 1) * latent + j) / 2);
    }

    /// KL(q(z|x) ‖ N(0, 1)), and the slopes at μ and log σ² of that and of what z came to.
    ///
    /// @param dz the gradient at z
    private double divergence(Tensor code, Tensor dz) {
        double loss = 0;
        for (int i = 0; i < batch; i++) {
            for (int j = 0; j < latent; j++) {
                long at = (long) i * latent + j;
                double mean = mean(code, i, j);
                double deviation = deviation(code, i, j);
                loss += (mean * mean + deviation * deviation - 1) / 2 - Math.log(deviation);
                slopesOfCode.set(2L * i * latent + j, dz.get(at) + mean / batch);
                slopesOfCode.set((2L * i + 1) * latent + j,
                        dz.get(at) * epsilon.get(at) * deviation / 2 + (deviation * deviation - 1) / (2.0 * batch));
            }
        }
        return loss / batch;
    }

    /// Weights and their gradients, encoder first.
    List<List<Parameters>> learned() {
        return List.of(List.of(encoder.weights(), encoder.gradients()), List.of(decoder.weights(), decoder.gradients()));
    }

    @Override
    public float[] draw(int count) {
        int features = Math.toIntExact(slopesOfPixels.extent(1));
        var samples = new float[Math.multiplyExact(count, features)];
        for (int from = 0; from < count; from += batch) {
            kernels.normal(z, new Draw(seed, SAMPLES, 0, drawn));
            var logits = decoder.trace().forward(z, Pass.INFERENCE);
            int rows = Math.min(batch, count - from);
            for (int i = 0; i < rows * features; i++) {
                samples[from * features + i] = (float) Learner.sigmoid(logits.get(i));
            }
            drawn += rows;
        }
        return samples;
    }
}
