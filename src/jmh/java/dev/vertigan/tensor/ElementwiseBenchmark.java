package dev.vertigan.tensor;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What is computed besides products: activations of 128×1200, batch norm of 64×16×16×128, optimisers of 1.44 million weights, noise of 128×100.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementwiseBenchmark {

    private static final int UNITS = 1200;
    private static final int CHANNELS = 128;
    private static final float EPSILON = 1e-5f;
    private static final Activation LEAKY = Activation.leakyRelu(0.2f);

    private Kernels kernels;
    private Tensor rows; // [128, 1200]
    private Tensor rowOutputs; // [128, 1200]
    private Tensor bias; // [1200]
    private Tensor image; // [64, 16, 16, 128]
    private Tensor imageOutputs; // [64, 16, 16, 128]
    private Tensor imageGradient; // [64, 16, 16, 128]
    private Tensor inputGradient; // [64, 16, 16, 128]
    private Tensor channelGradients; // [128]
    private Tensor moreChannelGradients; // [128]
    private Tensor gamma; // [128]
    private Tensor beta; // [128]
    private Tensor mean; // [128]
    private Tensor variance; // [128]
    private Tensor weight; // [1200, 1200]
    private Tensor gradient; // [1200, 1200]
    private Tensor first; // [1200, 1200]
    private Tensor second; // [1200, 1200]
    private Tensor latent; // [128, 100]
    private Tensor squares; // float64 [3]
    private long step;

    @Setup
    public void allocate() {
        kernels = Backend.open(Choice.Kernels.AUTO, 0);
        squares = kernels.sums(3);
        rows = Noise.tensor(kernels, 128, UNITS);
        rowOutputs = Noise.positive(kernels, 128, UNITS);
        bias = Noise.tensor(kernels, UNITS);
        image = Noise.tensor(kernels, 64, 16, 16, CHANNELS);
        imageOutputs = Noise.positive(kernels, 64, 16, 16, CHANNELS);
        imageGradient = Noise.tensor(kernels, 64, 16, 16, CHANNELS);
        inputGradient = kernels.allocate(64, 16, 16, CHANNELS);
        channelGradients = kernels.allocate(CHANNELS);
        moreChannelGradients = kernels.allocate(CHANNELS);
        gamma = Noise.positive(kernels, CHANNELS);
        beta = Noise.tensor(kernels, CHANNELS);
        mean = Noise.tensor(kernels, CHANNELS);
        variance = Noise.positive(kernels, CHANNELS);
        weight = Noise.tensor(kernels, UNITS, UNITS);
        gradient = Noise.tensor(kernels, UNITS, UNITS);
        first = Noise.tensor(kernels, UNITS, UNITS);
        second = Noise.positive(kernels, UNITS, UNITS);
        latent = Noise.tensor(kernels, 128, 100);
    }

    @TearDown
    public void close() {
        kernels.close();
    }

    @Benchmark
    public void leakyRelu() {
        kernels.biasActivate(rows, bias, LEAKY);
    }

    @Benchmark
    public void tanh() {
        kernels.biasActivate(rows, bias, Activation.TANH);
    }

    @Benchmark
    public void sigmoid() {
        kernels.biasActivate(rows, bias, Activation.SIGMOID);
    }

    @Benchmark
    public void leakyReluBackward() {
        kernels.activateBackwardBias(rowOutputs, rows, LEAKY, bias, false);
    }

    @Benchmark
    public void batchNorm() {
        kernels.batchNorm(image, gamma, beta, EPSILON, LEAKY, mean, variance, imageOutputs);
    }

    /// Its outputs are all positive here, so that the gradient it overwrites stays what it is.
    @Benchmark
    public void batchNormBackward() {
        kernels.batchNormBackward(image, imageOutputs, imageGradient, gamma, EPSILON, LEAKY, mean, variance, inputGradient,
                channelGradients, moreChannelGradients, false);
    }

    @Benchmark
    public void adam() {
        kernels.adamStep(weight, gradient, first, second, 2e-4f, 0.5f, 0.999f, 1e-8f, ++step, squares);
    }

    @Benchmark
    public void movingAverage() {
        kernels.movingAverage(weight, gradient, 0.999f);
    }

    @Benchmark
    public void normal() {
        kernels.normal(latent, new Draw(1, 1, ++step));
    }
}
