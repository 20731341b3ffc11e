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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The 4×4 convolutions of stride 2 of DCGAN on 32×32 images, minibatches of 64.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionBenchmark {

    private static final int BATCH = 64;
    private static final int KERNEL = 4;

    /// Side of the larger image × its channels × channels of the smaller.
    @Param({"32x1x64", "16x64x128", "8x128x256"})
    public String shape;

    private Kernels kernels;
    private Window window;
    private Tensor large; // [n, h, w, c]
    private Tensor small; // [n, h/2, w/2, o]
    private Tensor weight; // [4, 4, c, o]

    @Setup
    public void allocate() {
        String[] extents = shape.split("x");
        int side = Integer.parseInt(extents[0]);
        int channels = Integer.parseInt(extents[1]);
        int out = Integer.parseInt(extents[2]);
        kernels = Backend.open(Choice.Kernels.AUTO, 0);
        window = Window.centred(KERNEL, KERNEL, 2);
        large = Noise.tensor(kernels, BATCH, side, side, channels);
        small = Noise.tensor(kernels, BATCH, side / 2, side / 2, out);
        weight = Noise.tensor(kernels, KERNEL, KERNEL, channels, out);
    }

    @TearDown
    public void close() {
        kernels.close();
    }

    @Benchmark
    public void convolve() {
        kernels.convolve(large, weight, window, small);
    }

    @Benchmark
    public void convolveTransposed() {
        kernels.convolveTransposed(small, weight, window, large);
    }

    @Benchmark
    public void convolveWeightGradient() {
        kernels.convolveWeightGradient(large, small, window, weight, false);
    }
}
