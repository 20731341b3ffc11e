package dev.vertigan.bench;

import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;

/// Times things in milliseconds.
final class Stopwatch {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int SIDE = 1536; // of the square matrices that tell the GEMM rate

    private Stopwatch() {}

    static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    /// A large matrix product to be timed.
    record Gemm(Kernels kernels, Tensor a, Tensor b, Tensor out) {

        static Gemm of(Kernels kernels) {
            var a = kernels.allocate(SIDE, SIDE);
            var b = kernels.allocate(SIDE, SIDE);
            kernels.normal(a, new Draw(1, 1, 0));
            kernels.normal(b, new Draw(1, 2, 0));
            return new Gemm(kernels, a, b, kernels.allocate(SIDE, SIDE));
        }

        /// GFLOP/s, of the second of two: the first finds the threads asleep and has to get its library's memory.
        double rate() {
            multiply();
            return 2.0 * SIDE * SIDE * SIDE / millis(this::multiply) / NANOS_PER_MILLI;
        }

        private void multiply() {
            kernels.matmul(a, false, b, false, out, false);
            kernels.finish();
        }
    }
}
