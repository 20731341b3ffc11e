package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/// Every kernel equals the plain reference, over odd sizes and tails, and its bits depend neither on threads nor on compilation.
class KernelsTest {

    private static final Kernels SIMD = new SimdKernels(2);
    private static final Kernels ND4J = new Nd4jKernels(DataType.FLOAT, 2);
    private static final Kernels ND4J_DOUBLE = new Nd4jKernels(DataType.DOUBLE, 2);

    private static final Window DCGAN = Window.centred(4, 4, 2);

    @AfterAll
    static void close() {
        SIMD.close();
    }

    static List<KernelCase> small() {
        Random random = new Random(5);
        List<KernelCase> cases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean accumulate = i % 2 == 1;
            int n = 1 + random.nextInt(70);
            int c = 1 + random.nextInt(70);
            cases.addAll(KernelCase.all(n, c, 0, accumulate));
            cases.addAll(KernelCase.all(1 + random.nextInt(9), 1 + random.nextInt(20), 2 + random.nextInt(68), accumulate));
            cases.add(KernelCase.maxout(n, c, 1 + i));
            cases.add(KernelCase.maxoutBackward(n, c, 1 + i, accumulate));
        }
        for (int i = 0; i < 40; i++) {
            Window window = new Window(1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(3), random.nextInt(3));
            int h = window.height() + random.nextInt(7);
            int w = window.width() + random.nextInt(7);
            cases.addAll(KernelCase.convolutions(1 + random.nextInt(4), h, w, 1 + random.nextInt(20), 1 + random.nextInt(20), window, i % 2 == 1));
            cases.addAll(KernelCase.resamplings(1 + random.nextInt(3), 1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(20)));
        }
        for (int i = 0; i < 16; i++) { // whole vectors of channels, windows of DCGAN's kind, odd and even extents
            cases.addAll(KernelCase.convolutions(1 + random.nextInt(3), 4 + i, 6 + random.nextInt(13), 16 * (1 + i % 2), 16 * (1 + i / 8),
                    DCGAN, i % 2 == 1));
        }
        for (int i = 0; i < 120; i++) {
            cases.add(KernelCase.matmul(1 + random.nextInt(70), 1 + random.nextInt(70), 1 + random.nextInt(70),
                    random.nextBoolean(), random.nextBoolean(), random.nextBoolean()));
        }
        for (int i = 0; i < 120; i++) { // one extent thin
            int[] extents = {1 + random.nextInt(130), 1 + random.nextInt(130), 1 + random.nextInt(130)};
            extents[i % 3] = 1 + i / 3 % 5;
            cases.add(KernelCase.matmul(extents[0], extents[1], extents[2], random.nextBoolean(), random.nextBoolean(), random.nextBoolean()));
        }
        return cases;
    }

    /// Large enough to be split between threads.
    static List<KernelCase> large() {
        List<KernelCase> cases = new ArrayList<>();
        cases.addAll(KernelCase.all(131, 517, 0, true));
        cases.addAll(KernelCase.all(9, 67, 131, false));
        cases.addAll(KernelCase.all(5, 37, 517, true)); // taller than one chunk
        cases.addAll(KernelCase.convolutions(9, 14, 14, 32, 48, DCGAN, true));
        cases.addAll(KernelCase.convolutions(16, 16, 12, 16, 16, DCGAN, false));
        cases.addAll(KernelCase.convolutions(67, 11, 9, 7, 21, new Window(3, 3, 1, 1), true));
        cases.addAll(KernelCase.resamplings(17, 9, 11, 21));
        cases.add(KernelCase.maxout(101, 241, 5));
        cases.add(KernelCase.maxoutBackward(101, 241, 5, true));
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                cases.add(KernelCase.matmul(127, 259, 133, transposeA, transposeB, true));
                cases.add(KernelCase.matmul(301, 131, 67, transposeA, transposeB, false));
                cases.add(KernelCase.matmul(1031, 3, 259, transposeA, transposeB, true));
                cases.add(KernelCase.matmul(2, 1031, 259, transposeA, transposeB, false));
                cases.add(KernelCase.matmul(517, 1031, 2, transposeA, transposeB, true));
            }
        }
        return cases;
    }

    static Stream<KernelCase> cases() {
        return Stream.concat(small().stream(), large().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void equalsTheReference(KernelCase test) {
        test.assertEqualsReference(List.of(SIMD, ND4J, ND4J_DOUBLE));
    }

    @Test
    void bitsDoNotDependOnTheThreads() {
        try (var one = new SimdKernels(1); var three = new SimdKernels(3); var five = new SimdKernels(5)) {
            for (KernelCase test : large()) {
                Tensor[] expected = test.inputs(DataType.FLOAT, 1);
                double[] numbers = test.call().on(one, expected);
                for (Kernels kernels : List.of(SIMD, three, five)) {
                    Tensor[] found = test.inputs(DataType.FLOAT, 1);
                    assertBits(test.name() + ", " + kernels.describe(), expected, numbers, found, test.call().on(kernels, found));
                }
            }
        }
    }

    @Test
    void bitsDoNotDependOnCompilation() {
        List<KernelCase> tests = new ArrayList<>(KernelCase.all(3, 37, 0, true));
        tests.addAll(KernelCase.all(2, 3, 21, false));
        tests.addAll(KernelCase.all(1, 19, 1040, true));
        tests.addAll(KernelCase.convolutions(1, 7, 8, 16, 16, DCGAN, true));
        tests.addAll(KernelCase.convolutions(1, 4, 4, 3, 5, new Window(3, 2, 1, 1), true));
        tests.addAll(KernelCase.resamplings(1, 2, 3, 19));
        tests.add(KernelCase.maxout(3, 19, 5));
        tests.add(KernelCase.maxoutBackward(3, 19, 5, true));
        tests.add(KernelCase.matmul(19, 37, 2, false, true, true));
        tests.add(KernelCase.matmul(19, 2, 37, false, false, true));
        tests.add(KernelCase.matmul(37, 2, 19, true, false, true));
        tests.add(KernelCase.matmul(19, 23, 37, false, true, true));
        for (KernelCase test : tests) {
            Tensor[] expected = test.inputs(DataType.FLOAT, 1);
            double[] numbers = test.call().on(SIMD, expected); // the process's first calls may be interpreted
            Tensor[] inputs = test.inputs(DataType.FLOAT, 1);
            Tensor[] found = test.inputs(DataType.FLOAT, 1);
            double[] foundNumbers = {};
            for (int call = 0; call < 20_000; call++) {
                for (int t = 0; t < found.length; t++) {
                    found[t].segment().copyFrom(inputs[t].segment());
                }
                foundNumbers = test.call().on(SIMD, found);
            }
            assertBits(test.name(), expected, numbers, found, foundNumbers);
        }
    }

    static void assertBits(String name, Tensor[] expected, double[] numbers, Tensor[] found, double[] foundNumbers) {
        for (int t = 0; t < found.length; t++) {
            assertEquals(-1, expected[t].segment().mismatch(found[t].segment()), name + ", tensor " + t + ": byte of the first difference");
        }
        assertTrue(java.util.Arrays.equals(numbers, foundNumbers), name + ": numbers returned");
    }
}
