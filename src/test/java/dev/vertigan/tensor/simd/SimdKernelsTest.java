package dev.vertigan.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.KernelCase;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import dev.vertigan.tensor.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/// What the comparison with the reference does not see: non-finite values, extremes, refusals, threads, garbage.
class SimdKernelsTest {

    private static final Kernels KERNELS = new SimdKernels(2);

    private static Tensor vector(double... values) {
        Tensor tensor = KERNELS.allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    private static Tensor random(long... shape) {
        Tensor tensor = KERNELS.allocate(shape);
        KERNELS.normal(tensor, new Draw(1, shape.length, shape[0]));
        return tensor;
    }

    /// A NaN at any place of an input a result depends on is to be seen in something the kernel writes.
    @Test
    void noKernelHidesANaN() {
        List<KernelCase> cases = new ArrayList<>(KernelCase.all(5, 19, 0, true));
        cases.addAll(KernelCase.all(2, 3, 37, true));
        cases.addAll(KernelCase.convolutions(2, 8, 14, 16, 16, Window.centred(4, 4, 2), true));
        cases.addAll(KernelCase.convolutions(2, 5, 4, 3, 7, Window.centred(3, 3, 1), true));
        cases.addAll(KernelCase.resamplings(2, 3, 2, 19));
        cases.add(KernelCase.maxout(3, 19, 5));
        cases.add(KernelCase.maxout(3, 19, 1));
        for (boolean transpose : new boolean[] {false, true}) {
            cases.add(KernelCase.matmul(19, 37, 2, transpose, true, true));
            cases.add(KernelCase.matmul(19, 2, 37, transpose, false, true));
            cases.add(KernelCase.matmul(2, 37, 19, transpose, true, true));
            cases.add(KernelCase.matmul(19, 23, 37, transpose, true, true));
        }
        // The linear one writes nothing; where a ReLU is 0, nothing depends on dy.
        cases.removeIf(test -> test.name().matches("activateBackward LINEAR.*|.*Backward.* RELU .*"));
        for (KernelCase test : cases) {
            Tensor[] inputs = test.inputs(ElementType.FLOAT32, 1);
            Tensor[] clean = test.inputs(ElementType.FLOAT32, 1);
            test.call().on(KERNELS, clean);
            for (int t : inputsOf(test.name())) {
                for (long place : new long[] {0, inputs[t].size() / 2, inputs[t].size() - 1}) {
                    Tensor[] tensors = test.inputs(ElementType.FLOAT32, 1);
                    tensors[t].set(place, Double.NaN);
                    double[] numbers = test.call().on(KERNELS, tensors);
                    boolean seen = numbers.length > 0 && Double.isNaN(numbers[0]);
                    for (int written = 0; written < tensors.length; written++) {
                        boolean isWritten = inputs[written].segment().mismatch(clean[written].segment()) != -1;
                        for (long i = 0; isWritten && i < tensors[written].size(); i++) {
                            seen |= Double.isNaN(tensors[written].get(i));
                        }
                    }
                    assertTrue(seen, test.name() + " hides a NaN of tensor " + t + " at " + place);
                }
            }
        }
    }

    private static int[] inputsOf(String name) {
        return switch (name.split(" ")[0]) {
            case "biasActivate", "multiply", "scaleRows", "add", "sum", "addScaled", "movingAverage", "maxout" -> new int[] {0, 1};
            case "activateBackward", "activateBackwardBias" -> new int[] {1};
            case "convolveActivate" -> new int[] {0, 1, 2};
            case "batchNorm", "matmul", "momentumStep" -> new int[] {0, 1, 2};
            case "convolve", "convolveTransposed", "convolveWeightGradient" -> new int[] {0, 1};
            case "upsample", "downsample" -> new int[] {0};
            case "batchNormInference" -> new int[] {0, 1, 2, 3, 4};
            case "batchNormBackward" -> new int[] {0, 1, 6};
            case "addNormal", "copy", "sumOfSquares", "squaresOfRows", "putChannels" -> new int[] {0};
            case "adamStep", "combineRows" -> new int[] {0, 1, 2, 3};
            case "takeChannels", "changeImages", "changeImagesBack" -> new int[0]; // leave out channels, what moves out of an image or is cut
            case "normal", "uniform", "dropoutMask", "fill", "loss" -> new int[0];
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void activationsKeepNaNAndInfinity() {
        double[] in = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -1e30, 100, -100, 0};
        assertActivated(Activation.LINEAR, in, in);
        assertActivated(Activation.RELU, in, Double.NaN, Double.POSITIVE_INFINITY, 0, 1e30, 0, 100, 0, 0);
        assertActivated(Activation.leakyRelu(0.5f), in, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -5e29, 100, -50, 0);
        assertActivated(Activation.TANH, in, Double.NaN, 1, -1, 1, -1, 1, -1, 0);
        assertActivated(Activation.SIGMOID, in, Double.NaN, 1, 0, 1, 0, 1, 0, 0.5);
    }

    private static void assertActivated(Activation activation, double[] in, double... out) {
        Tensor x = vector(in).reshape(1, in.length);
        KERNELS.biasActivate(x, KERNELS.allocate(in.length), activation);
        for (int i = 0; i < in.length; i++) {
            double tolerance = Double.isFinite(out[i]) ? Math.abs(out[i]) * 3e-7 + Float.MIN_VALUE : 0;
            assertTrue(Double.compare(out[i], x.get(i)) == 0 || Math.abs(out[i] - x.get(i)) <= tolerance,
                    "%s of %s: expected %s, found %s".formatted(activation, in[i], out[i], x.get(i)));
        }
    }

    /// Over their whole range, in units of the last place of the exact value.
    @Test
    void tanhAndSigmoidAreWithinThreeUlps() {
        int n = 400_000;
        Tensor tanh = KERNELS.allocate(1, n);
        for (int i = 0; i < n; i++) {
            double size = Math.pow(2, -20 + 26.5 * i / n); // 1e-6 to 90
            tanh.set(i, i % 2 == 0 ? size : -size);
        }
        Tensor in = tanh.copy();
        Tensor sigmoid = tanh.copy();
        KERNELS.biasActivate(tanh, KERNELS.allocate(n), Activation.TANH);
        KERNELS.biasActivate(sigmoid, KERNELS.allocate(n), Activation.SIGMOID);
        for (int i = 0; i < n; i++) {
            double x = in.get(i);
            assertUlps(Math.tanh(x), tanh.get(i), "tanh " + x);
            assertUlps(x < -87 ? 0 : x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)), sigmoid.get(i), "sigmoid " + x);
        }
    }

    private static void assertUlps(double expected, double found, String name) {
        assertEquals(expected, found, 3 * Math.ulp((float) expected), name);
    }

    /// CPUs take several times as long for subnormal numbers, and a moment whose gradient has died out would stay one for good.
    @Test
    void whatIsKeptOrPassedOnIsNeverSubnormal() {
        int n = 10_003; // vectors and a rest
        var gradient = KERNELS.allocate(n);
        for (int i = 0; i < n; i++) {
            gradient.set(i, (i % 2 == 0 ? 1 : -1) * Math.pow(2, -150.0 * i / n)); // 1 to 0
        }
        var weight = random(n);
        var moments = List.of(gradient.copy(), KERNELS.allocate(n), KERNELS.allocate(n));
        KERNELS.multiply(gradient, gradient, moments.get(1));
        for (int t = 1; t < 2_000; t++) { // 0.9 to that power is far below the smallest float
            KERNELS.adamStep(weight, gradient, moments.get(0), moments.get(1), 1e-3f, 0.9f, 0.5f, 1e-8f, t, KERNELS.sums(3));
            KERNELS.momentumStep(weight, gradient, moments.get(2), 1e-3f, 0.9f, KERNELS.sums(3));
            if (t == 10) {
                moments.forEach(SimdKernelsTest::assertNothingSubnormal);
                KERNELS.copy(KERNELS.allocate(n), gradient);
            }
        }
        moments.forEach(SimdKernelsTest::assertNothingSubnormal);
        assertEquals(0, KERNELS.sumOfSquares(moments.get(0)) + KERNELS.sumOfSquares(moments.get(2)));

        var logits = KERNELS.allocate(1, n);
        var dy = KERNELS.allocate(1, n);
        for (int i = 0; i < n; i++) {
            logits.set(i, -110.0 * i / n);
            dy.set(i, Math.pow(10, -i % 20));
        }
        KERNELS.biasActivate(logits, KERNELS.allocate(n), Activation.SIGMOID);
        assertNothingSubnormal(logits);
        KERNELS.activateBackward(logits, dy, Activation.SIGMOID);
        assertNothingSubnormal(dy);
    }

    private static void assertNothingSubnormal(Tensor tensor) {
        for (long i = 0; i < tensor.size(); i++) {
            double value = Math.abs(tensor.get(i));
            assertTrue(value == 0 || value >= Float.MIN_NORMAL, "at %d: %s".formatted(i, value));
        }
    }

    @Test
    void maxoutTakesTheFirstOfEqualsAndANaN() {
        Tensor z = vector(1, 1, 0, 2, Double.NaN, 3, Double.NaN, 9, Double.NaN).reshape(1, 9);
        Tensor y = KERNELS.allocate(1, 3);
        Tensor winner = KERNELS.allocate(1, 3);
        KERNELS.maxout(z, KERNELS.allocate(9), y, winner);
        assertEquals(1, y.get(0));
        assertEquals(0, winner.get(0));
        assertTrue(Double.isNaN(y.get(1)) && winner.get(1) == 1);
        assertTrue(Double.isNaN(y.get(2)) && winner.get(2) == 0);
    }

    @Test
    void sumsOfSquaresOfHugeFloatsAreFinite() {
        assertEquals(2e60, KERNELS.sumOfSquares(vector(1e30, -1e30)), 1e54);
        assertTrue(Double.isNaN(KERNELS.sumOfSquares(vector(1, Double.NaN))));
        assertEquals(Double.POSITIVE_INFINITY, KERNELS.sumOfSquares(vector(1, Double.NEGATIVE_INFINITY)));
    }

    @Test
    void viewsAreComputedOnInPlace() {
        Tensor all = random(10, 7);
        Tensor before = all.copy();
        KERNELS.scaleRows(all.rows(3, 2), vector(2, 3));
        for (long i = 0; i < all.size(); i++) {
            double factor = i / 7 == 3 ? 2 : i / 7 == 4 ? 3 : 1;
            assertEquals((float) (before.get(i) * factor), (float) all.get(i));
        }
    }

    @Test
    void wrongShapesAndTypesAreRefusedWithBothShapes() {
        Tensor a = KERNELS.allocate(3, 4);
        Tensor b = KERNELS.allocate(5, 6);
        var thrown = assertThrows(IllegalArgumentException.class, () -> KERNELS.matmul(a, false, b, true, KERNELS.allocate(3, 5), false));
        assertTrue(thrown.getMessage().contains("float32[3, 4]") && thrown.getMessage().contains("float32[5, 6]"), thrown.getMessage());
        thrown = assertThrows(IllegalArgumentException.class, () -> KERNELS.biasActivate(a, KERNELS.allocate(3), Activation.RELU));
        assertEquals("bias: expected [4], found float32[3]", thrown.getMessage());
        thrown = assertThrows(IllegalArgumentException.class, () -> KERNELS.add(a, Tensor.allocate(ElementType.FLOAT64, 3, 4)));
        assertEquals("y: expected float32, found float64[3, 4]", thrown.getMessage());
        Tensor seven = KERNELS.allocate(2, 7);
        Tensor three = KERNELS.allocate(2, 3);
        assertThrows(IllegalArgumentException.class, () -> KERNELS.maxout(seven, KERNELS.allocate(7), three, three.copy()));
        assertThrows(IllegalArgumentException.class, () -> KERNELS.dropoutMask(a, 0, new Draw(1, 1, 1)));
        assertThrows(IllegalArgumentException.class,
                () -> KERNELS.adamStep(a, a.copy(), a.copy(), a.copy(), 1, 0.5f, 0.9f, 1e-8f, 0, KERNELS.sums(3)));
        assertThrows(IllegalArgumentException.class, () -> Backend.open(Choice.Kernels.SIMD, -1));
    }

    @Test
    void emptyTensorsAreNoTrouble() {
        for (KernelCase test : KernelCase.all(0, 3, 0, true)) {
            if (!test.name().startsWith("batchNorm")) {
                test.call().on(KERNELS, test.inputs(ElementType.FLOAT32, 1));
            }
        }
        Tensor out = random(2, 3);
        KERNELS.matmul(KERNELS.allocate(2, 0), false, KERNELS.allocate(0, 3), false, out, false);
        assertEquals(0, KERNELS.sumOfSquares(out));
    }

    @Test
    void everyPartRunsOnceWhateverTheThreads() {
        try (Workers workers = new Workers(4)) {
            for (int round = 0; round < 20_000; round++) {
                int parts = 1 + round % 9;
                AtomicIntegerArray runs = new AtomicIntegerArray(parts);
                workers.run(parts, runs::incrementAndGet);
                for (int part = 0; part < parts; part++) {
                    assertEquals(1, runs.get(part));
                }
            }
        }
    }

    @Test
    void aPartsFailureIsTheCallersAndTheWorkersGoOn() {
        try (Workers workers = new Workers(3)) {
            for (int failing = 0; failing < 6; failing++) {
                int part = failing;
                var thrown = assertThrows(IllegalStateException.class, () -> workers.run(6, p -> {
                    if (p == part) {
                        throw new IllegalStateException("part " + p);
                    }
                }));
                assertEquals("part " + part, thrown.getMessage());
                workers.run(6, p -> {});
            }
        }
    }

    /// The sampler's kernels work beside the trainer's.
    @Test
    void instancesDoNotDisturbEachOther() throws InterruptedException {
        Tensor a = random(64, 300);
        Tensor b = random(300, 200);
        Tensor expected = KERNELS.allocate(64, 200);
        KERNELS.matmul(a, false, b, false, expected, false);
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        Runnable work = () -> {
            try (SimdKernels own = new SimdKernels(2)) {
                Tensor found = own.allocate(64, 200);
                for (int i = 0; i < 300; i++) {
                    own.matmul(a, false, b, false, found, false);
                    assertEquals(-1, expected.segment().mismatch(found.segment()));
                }
            } catch (Throwable failure) {
                failures.add(failure);
            }
        };
        List<Thread> threads = List.of(new Thread(work), new Thread(work), new Thread(work));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void closedKernelsStillWork() {
        SimdKernels kernels = new SimdKernels(4);
        Tensor x = random(300, 700);
        double expected = kernels.sumOfSquares(x);
        kernels.close();
        assertEquals(expected, kernels.sumOfSquares(x));
        assertTrue(kernels.describe().matches("simd .+ \\(\\d+ lanes\\), (oneDNN|MKL|OpenBLAS), 4 threads"), kernels.describe());
    }
}
