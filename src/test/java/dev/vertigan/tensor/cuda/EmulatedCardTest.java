package dev.vertigan.tensor.cuda;

import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.KernelCase;
import dev.vertigan.tensor.KernelCases;
import dev.vertigan.tensor.simd.SimdKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The kernels for a card on a machine without one: on the CPU by a small emulation, as the plain reference, and compiled where CUDA's compiler is.
class EmulatedCardTest {

    private static final int A_FEW = 4;

    private static CudaKernels cuda;

    @BeforeAll
    static void start() {
        cuda = EmulatedCard.kernels();
    }

    @AfterAll
    static void close() {
        if (cuda != null) {
            cuda.close();
        }
    }

    static Stream<KernelCase> all() {
        return KernelCases.all();
    }

    /// A few of each kernel.
    static Stream<KernelCase> some() {
        var times = new HashMap<String, Integer>();
        return KernelCases.small().stream().filter(test -> times.merge(kernel(test), 1, Integer::sum) <= A_FEW);
    }

    /// With its activation or curve, as in `batchNorm RELU`.
    private static String kernel(KernelCase test) {
        return test.name().replaceAll("[^A-Za-z ].*", "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    void equalsTheReference(KernelCase test) {
        test.assertEqualsReference(List.of(cuda));
    }

    @Tag("long")
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void allEqualTheReference(KernelCase test) {
        test.assertEqualsReference(List.of(cuda));
    }

    /// Whichever kernels draw: a run's data and noise do not depend on what computes.
    @Test
    void randomNumbersAreTheOtherKernelsBitForBit() {
        try (var simd = new SimdKernels(2)) {
            for (var test : KernelCase.all(117, 83, 0, false)) {
                if (test.name().matches("(normal|uniform|dropoutMask) .*")) {
                    var expected = test.inputs(ElementType.FLOAT32, 1);
                    test.call().on(simd, expected);
                    var found = test.inputs(ElementType.FLOAT32, 1);
                    test.call().on(cuda, found);
                    KernelCase.assertBits(test.name(), expected, new double[0], found, new double[0]);
                }
            }
        }
    }

    /// A sequence that comes again is replayed as one graph, with this time's numbers, in any order that its memory allows.
    @Test
    void whatComesAgainComputesTheSame() {
        try (var others = EmulatedCard.kernels()) {
            RepeatedCalls.assertTheSame(others, cuda);
        }
    }

    @Test
    void cudasCompilerTakesTheKernels(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kernels.cu"), EmulatedCard.source());
        EmulatedCard.run(folder, "nvcc", List.of("-arch=sm_90", "--fmad=false", "-Werror=all-warnings", "-cubin", "-o", "kernels.cubin",
                "kernels.cu"));
    }
}
