package dev.vertigan.tensor;

import dev.vertigan.tensor.nd4j.Nd4jKernels;
import dev.vertigan.tensor.simd.SimdKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kernel equals the plain reference, over odd sizes and tails, and its bits depend neither on threads nor on compilation.
class KernelsTest {

    private static final Kernels SIMD = new SimdKernels(2);
    private static final Kernels ND4J = new Nd4jKernels(ElementType.FLOAT32, 2);
    private static final Kernels ND4J_DOUBLE = new Nd4jKernels(ElementType.FLOAT64, 2);

    @AfterAll
    static void close() {
        SIMD.close();
    }

    static Stream<KernelCase> cases() {
        return KernelCases.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void equalsTheReference(KernelCase test) {
        test.assertEqualsReference(List.of(SIMD, ND4J, ND4J_DOUBLE));
    }

    @Test
    void bitsDoNotDependOnTheThreads() {
        try (var one = new SimdKernels(1); var three = new SimdKernels(3); var five = new SimdKernels(5)) {
            for (KernelCase test : KernelCases.large()) {
                Tensor[] inputs = test.inputs(ElementType.FLOAT32, 1);
                Tensor[] expected = copies(inputs);
                double[] numbers = test.call().on(one, expected);
                for (Kernels kernels : List.of(SIMD, three, five)) {
                    Tensor[] found = copies(inputs);
                    KernelCase.assertBits(test.name() + ", " + kernels.describe(), expected, numbers, found, test.call().on(kernels, found));
                }
            }
        }
    }

    @Test
    void bitsDoNotDependOnCompilation() {
        List<KernelCase> tests = new ArrayList<>(KernelCase.all(3, 37, 0, true));
        tests.addAll(KernelCase.all(2, 3, 21, false));
        tests.addAll(KernelCase.all(1, 19, 1040, true));
        tests.addAll(KernelCase.convolutions(1, 7, 8, 16, 16, KernelCases.DCGAN, true));
        tests.addAll(KernelCase.convolutions(1, 4, 4, 3, 5, new Window(3, 2, 1, 1), true));
        tests.addAll(KernelCase.resamplings(1, 2, 3, 19));
        tests.add(KernelCase.maxout(3, 19, 5));
        tests.add(KernelCase.maxoutBackward(3, 19, 5, true));
        tests.add(KernelCase.matmul(19, 37, 2, false, true, true));
        tests.add(KernelCase.matmul(19, 2, 37, false, false, true));
        tests.add(KernelCase.matmul(37, 2, 19, true, false, true));
        tests.add(KernelCase.matmul(19, 23, 37, false, true, true));
        for (KernelCase test : tests) {
            Tensor[] inputs = test.inputs(ElementType.FLOAT32, 1);
            Tensor[] expected = copies(inputs);
            double[] numbers = test.call().on(SIMD, expected); // the process's first calls may be interpreted
            Tensor[] found = copies(inputs);
            double[] foundNumbers = {};
            for (int call = 0; call < calls(inputs); call++) {
                for (int t = 0; t < found.length; t++) {
                    found[t].segment().copyFrom(inputs[t].segment());
                }
                foundNumbers = test.call().on(SIMD, found);
            }
            KernelCase.assertBits(test.name(), expected, numbers, found, foundNumbers);
        }
    }

    private static Tensor[] copies(Tensor[] tensors) {
        return Arrays.stream(tensors).map(Tensor::copy).toArray(Tensor[]::new);
    }

    /// Until it is compiled: what has longer loops is so after fewer calls.
    private static int calls(Tensor[] tensors) {
        return Arrays.stream(tensors).mapToLong(Tensor::size).max().orElseThrow() > 10_000 ? 1_000 : 8_000;
    }
}
