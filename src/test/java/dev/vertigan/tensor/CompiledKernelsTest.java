package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.vertigan.tensor.simd.SimdKernels;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the compiler makes of the kernels. It has a process of its own, as a run has: what the compiler does depends on all that the process
/// has called before, and after two thousand other tests, on every shape and from two kinds of kernels, it gives up on a loop now and then.
@Tag("compiled")
class CompiledKernelsTest {

    /// A boxed vector is 40 to 100 bytes and turns microseconds into milliseconds; a compiled kernel makes none.
    @Test
    void compiledKernelsAllocateNextToNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // First patches whose rows are not whole vectors, and sums that are stored after a loop: what those are copied by may not stand in their way.
        List<KernelCase> cases = new ArrayList<>(KernelCase.convolutions(4, 8, 8, 1, 16, Window.centred(4, 4, 2), true));
        cases.addAll(KernelCase.convolutions(4, 6, 6, 16, 32, Window.centred(3, 3, 1), true));
        cases.addAll(KernelCase.all(16, 256, 0, true));
        cases.addAll(KernelCase.all(4, 16, 64, true));
        cases.addAll(KernelCase.all(4, 64, 512, true));
        cases.addAll(KernelCase.convolutions(4, 8, 8, 16, 32, Window.centred(4, 4, 2), true));
        cases.addAll(KernelCase.resamplings(4, 6, 6, 32));
        cases.add(KernelCase.maxout(16, 64, 4));
        cases.add(KernelCase.maxoutBackward(16, 64, 4, true));
        cases.add(KernelCase.matmul(64, 64, 2, false, true, true));
        cases.add(KernelCase.matmul(64, 2, 64, false, false, true));
        cases.add(KernelCase.matmul(64, 2, 64, true, false, true));
        cases.add(KernelCase.matmul(64, 64, 64, false, false, true));
        cases.removeIf(test -> test.name().startsWith("changeImages")); // which is the host's, with an array for an image
        try (SimdKernels kernels = new SimdKernels(1)) {
            for (KernelCase test : cases) {
                Tensor[] tensors = test.inputs(ElementType.FLOAT32, 1);
                long least = Long.MAX_VALUE;
                for (int round = 0; round < 400 && least > 5_000; round++) { // until the compiler is done
                    for (int call = 0; call < 1_000; call++) {
                        test.call().on(kernels, tensors);
                    }
                    long before = threads.getCurrentThreadAllocatedBytes();
                    test.call().on(kernels, tensors);
                    least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                }
                assertTrue(least <= 5_000, test.name() + ": expected at most 5,000 bytes a call, found " + least);
            }
        }
    }
}
