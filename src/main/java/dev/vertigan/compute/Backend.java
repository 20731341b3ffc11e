package dev.vertigan.compute;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
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
import java.util.function.Supplier;

/// What can compute on this machine.
public final class Backend {

    private Backend() {}

    /// The kernels of a configuration.
    ///
    /// @throws UserError if there is no card, ND4J cannot start, or only a card has the precision
    public static Kernels open(RunConfig.Compute compute) {
        int threads = compute.threads() == 0 ? Runtime.getRuntime().availableProcessors() : compute.threads();
        return switch (compute.kernels()) {
            case AUTO -> automatic(threads, compute.precision());
            case CUDA -> cuda(compute.precision());
            case SIMD -> float32(compute.precision(), () -> new SimdKernels(threads));
            case ND4J -> float32(compute.precision(), () -> new Nd4jKernels(ElementType.FLOAT32, threads));
        };
    }

    /// As the other, in float32.
    ///
    /// @param threads how many compute; 0 = one per core
    /// @throws IllegalArgumentException if threads is negative
    public static Kernels open(Choice.Kernels choice, int threads) {
        if (threads < 0) {
            throw new IllegalArgumentException("compute.threads: expected a number ≥ 0, found " + threads);
        }
        return open(new RunConfig.Compute(threads, choice, Choice.Precision.FLOAT32));
    }

    private static Kernels automatic(int threads, Choice.Precision precision) {
        return CudaKernels.ifThereIsACard(precision == Choice.Precision.TF32).<Kernels>map(Function.identity())
                .orElseGet(() -> float32(precision,
                        () -> Nd4jCuda.works() ? new Nd4jKernels(ElementType.FLOAT32, threads) : new SimdKernels(threads)));
    }

    private static Kernels float32(Choice.Precision precision, Supplier<Kernels> kernels) {
        if (precision != Choice.Precision.FLOAT32) {
            throw new UserError(String.format(Locale.ROOT, "compute.precision: expected float32 where no card computes, found %s",
                    precision.written()));
        }
        return kernels.get();
    }

    private static Kernels cuda(Choice.Precision precision) {
        try {
            return new CudaKernels(precision == Choice.Precision.TF32);
        } catch (NoDevice e) {
            throw new UserError(String.format(Locale.ROOT, "compute.kernels: cuda: %s; `auto` computes on the CPU then", e.getMessage()), e);
        }
    }
}
