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

/// The three products of a dense layer in the shapes of the workloads.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatmulBenchmark {

    /// Minibatch × values in × values out.
    @Param({"128x100x1200", "128x1200x1200", "128x1200x784", "128x1200x1", "64x784x256", "64x256x256", "256x2x128", "256x128x128", "64x100x4096"})
    public String shape;

    private Kernels kernels;
    private Tensor x; // [n, in]
    private Tensor weight; // [in, out]
    private Tensor y; // [n, out]

    @Setup
    public void allocate() {
        String[] extents = shape.split("x");
        int n = Integer.parseInt(extents[0]);
        int in = Integer.parseInt(extents[1]);
        int out = Integer.parseInt(extents[2]);
        kernels = Backend.open(Choice.Kernels.AUTO, 0);
        x = Noise.tensor(kernels, n, in);
        weight = Noise.tensor(kernels, in, out);
        y = Noise.tensor(kernels, n, out);
    }

    @TearDown
    public void close() {
        kernels.close();
    }

    /// `y = x · weight`.
    @Benchmark
    public void forward() {
        kernels.matmul(x, false, weight, false, y, false);
    }

    /// `dx = dy · weightᵀ`.
    @Benchmark
    public void backward() {
        kernels.matmul(y, false, weight, true, x, false);
    }

    /// `dweight = xᵀ · dy`.
    @Benchmark
    public void weightGradient() {
        kernels.matmul(x, true, y, false, weight, false);
    }
}
