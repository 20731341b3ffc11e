package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/// The kernels for a card on a machine without one: on the CPU by a small emulation, as the plain reference, and compiled where CUDA's compiler is.
class EmulatedCardTest {

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

    static Stream<KernelCase> cases() {
        return KernelCases.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void equalsTheReference(KernelCase test) {
        test.assertEqualsReference(List.of(cuda));
    }

    /// Whichever kernels draw: a run's data and noise do not depend on what computes.
    @Test
    void randomNumbersAreTheOtherKernelsBitForBit() {
        try (var simd = new SimdKernels(2)) {
            for (var test : KernelCase.all(117, 83, 0, false)) {
                if (test.name().matches("(normal|uniform|dropoutMask) .*")) {
                    var expected = test.inputs(DataType.FLOAT, 1);
                    test.call().on(simd, expected);
                    var found = test.inputs(DataType.FLOAT, 1);
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
            var expected = new Sequence(others, true);
            var found = new Sequence(cuda, false);
            for (int turn = 1; turn <= 6; turn++) {
                expected.play(turn);
                found.play(turn);
                assertEquals(-1, expected.sum.segment().mismatch(found.sum.segment()), "turn " + turn);
            }
        }
    }

    /// More than a few calls that depend on each other, with other numbers each time.
    private static final class Sequence {

        private final CudaKernels kernels;
        private final boolean waits;
        private final Tensor x;
        private final Tensor y;
        private final Tensor weight;
        private final Tensor bias;
        private final Tensor sum;

        /// @param waits after each call, so that nothing is replayed
        Sequence(CudaKernels kernels, boolean waits) {
            this.kernels = kernels;
            this.waits = waits;
            x = kernels.allocate(20, 8);
            y = kernels.allocate(20, 8);
            weight = kernels.allocate(8, 8);
            bias = kernels.allocate(8);
            sum = kernels.allocate(20, 8);
        }

        void play(int turn) {
            bias.set(turn, turn);
            for (int i = 0; i < 3; i++) {
                after(() -> kernels.normal(x, new Draw(1, 2, turn)));
                after(() -> kernels.uniform(weight, -1, turn, new Draw(1, 3, turn)));
                after(() -> kernels.matmul(x, false, weight, true, y, false));
                after(() -> kernels.biasActivate(y, bias, Activation.RELU));
                after(() -> kernels.activateBackwardBias(y, x, Activation.RELU, bias, true));
                after(() -> kernels.movingAverage(sum, y, 1f / turn));
                after(() -> kernels.add(x, sum));
                after(() -> kernels.copy(y, x));
                after(() -> kernels.multiply(x, y, x));
                after(() -> kernels.add(x, sum));
            }
        }

        private void after(Runnable call) {
            call.run();
            if (waits) {
                kernels.finish();
            }
        }
    }

    @Test
    void cudasCompilerTakesTheKernels(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kernels.cu"), EmulatedCard.source());
        EmulatedCard.run(folder, "nvcc", List.of("-arch=sm_90", "--fmad=false", "-Werror=all-warnings", "-cubin", "-o", "kernels.cubin",
                "kernels.cu"));
    }
}
