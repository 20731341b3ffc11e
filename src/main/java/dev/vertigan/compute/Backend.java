package dev.vertigan.compute;

import dev.vertigan.config.Choice;
import dev.vertigan.config.UserError;
import dev.vertigan.cuda.NoDevice;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.cuda.CudaKernels;
import dev.vertigan.tensor.nd4j.Nd4jCuda;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import dev.vertigan.tensor.simd.SimdKernels;
import java.util.Locale;
import java.util.function.Function;

/// What can compute on this machine.
public final class Backend {

    private Backend() {}

    /// The kernels of a configuration, in float32.
    ///
    /// @param threads how many compute; 0 = one per core
    /// @throws IllegalArgumentException if threads is negative
    /// @throws UserError if there is no card, or ND4J cannot start
    public static Kernels open(Choice.Kernels choice, int threads) {
        if (threads < 0) {
            throw new IllegalArgumentException("compute.threads: expected a number ≥ 0, found " + threads);
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return switch (choice) {
            case AUTO -> automatic(count);
            case CUDA -> cuda();
            case SIMD -> new SimdKernels(count);
            case ND4J -> new Nd4jKernels(ElementType.FLOAT32, count);
        };
    }

    private static Kernels automatic(int threads) {
        return CudaKernels.ifThereIsACard().<Kernels>map(Function.identity())
                .orElseGet(() -> Nd4jCuda.works() ? new Nd4jKernels(ElementType.FLOAT32, threads) : new SimdKernels(threads));
    }

    private static Kernels cuda() {
        try {
            return new CudaKernels();
        } catch (NoDevice e) {
            throw new UserError(String.format(Locale.ROOT, "compute.kernels: cuda: %s; `auto` computes on the CPU then", e.getMessage()), e);
        }
    }
}
