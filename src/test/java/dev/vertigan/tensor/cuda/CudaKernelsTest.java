package dev.vertigan.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.UserError;
import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.NoDevice;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.KernelCase;
import dev.vertigan.tensor.KernelCases;
import dev.vertigan.tensor.simd.SimdKernels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a card computes is what the plain reference does. Skipped where there is none, but for what is said then.
class CudaKernelsTest {

    @Nested
    class OnACard {

        private static CudaKernels cuda;

        @BeforeAll
        static void start() {
            cuda = cuda();
        }

        @AfterAll
        static void close() {
            if (cuda != null) {
                cuda.close();
            }
        }

        static Stream<KernelCase> cases() {
            return KernelCases.all();
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("cases")
        void equalsTheReferenceAndItself(KernelCase test) {
            test.assertEqualsReference(List.of(cuda));
            var expected = test.inputs(ElementType.FLOAT32, 1);
            var numbers = test.call().on(cuda, expected);
            var found = test.inputs(ElementType.FLOAT32, 1);
            KernelCase.assertBits(test.name(), expected, numbers, found, test.call().on(cuda, found));
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

        /// What the host writes between two kernels is seen by the second, and the rest of what a view is part of is kept.
        @Test
        void hostAndCardSeeWhatTheOtherWrote() {
            var whole = cuda.allocate(4, 3);
            var ones = cuda.allocate(2, 3);
            for (long i = 0; i < 12; i++) {
                whole.set(i, i);
                ones.set(i % 6, 1);
            }
            cuda.copy(ones, whole.rows(1, 2));
            assertEquals(List.of(0.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0, 10.0, 11.0),
                    Stream.iterate(0L, i -> i + 1).limit(12).map(whole::get).toList());
            ones.set(5, 7);
            cuda.add(ones, whole.rows(2, 2));
            whole.set(0, -1);
            cuda.add(ones, whole.rows(0, 2));
            assertEquals(List.of(0.0, 2.0, 3.0, 2.0, 2.0, 8.0, 2.0, 2.0, 2.0, 10.0, 11.0, 18.0),
                    Stream.iterate(0L, i -> i + 1).limit(12).map(whole::get).toList());
        }

        @Test
        void whatComesAgainComputesTheSame() {
            var others = cuda();
            RepeatedCalls.assertTheSame(others, cuda);
            others.close();
        }

        @Test
        void emptyTensorsAreNoTrouble() {
            for (var test : KernelCase.all(0, 3, 0, true)) {
                test.call().on(cuda, test.inputs(ElementType.FLOAT32, 1));
            }
            var out = cuda.allocate(2, 3);
            out.set(4, 5);
            cuda.matmul(cuda.allocate(2, 0), false, cuda.allocate(0, 3), false, out, false);
            assertEquals(0, cuda.sumOfSquares(out));
        }

        @Test
        void itSaysWhatComputes() {
            assertTrue(cuda.describe().matches("cuda .+, libcublas\\.so\\.\\d+, float32"), cuda.describe());
        }

        private static CudaKernels cuda() {
            try {
                return new CudaKernels(false);
            } catch (NoDevice e) {
                assumeTrue(false, "no card to test on: " + e.getMessage());
                throw new AssertionError("unreachable", e);
            }
        }
    }

    @Test
    void withoutACardItSaysWhatIsMissing() {
        NoDevice missing;
        try {
            Device.find();
            assumeTrue(false, "there is a card");
            return;
        } catch (NoDevice e) {
            missing = e;
        }
        var thrown = assertThrows(UserError.class, () -> Backend.open(Choice.Kernels.CUDA, 1));
        assertEquals("compute.kernels: cuda: %s; `auto` computes on the CPU then".formatted(missing.getMessage()), thrown.getMessage());
        assertTrue(missing.getMessage().contains("expected"), missing.getMessage());
    }
}
