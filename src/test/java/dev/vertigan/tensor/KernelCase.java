package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One call of one kernel: its name, the shapes of its tensors, and the call itself. Run on any kernels from the same random
/// contents, it gives the tensors after the call and any numbers returned.
public record KernelCase(String name, List<long[]> shapes, Call call) {

    /// The call, given tensors of the case's shapes; what it returns is compared too.
    public interface Call {
        double[] on(Kernels kernels, Tensor[] tensors);
    }

    /// A call that returns nothing.
    public interface Plain {
        void on(Kernels kernels, Tensor[] tensors);
    }

    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Draw DRAW = new Draw(0x1234_5678_9abc_def0L, 7, 42);

    public static final List<Activation> ACTIVATIONS = List.of(
            Activation.LINEAR, Activation.RELU, Activation.leakyRelu(0.2f), Activation.TANH, Activation.SIGMOID);

    public static KernelCase plain(String name, List<long[]> shapes, Plain call) {
        return new KernelCase(name, shapes, (kernels, tensors) -> {
            call.on(kernels, tensors);
            return new double[0];
        });
    }

    public static long[] shape(long... extents) {
        return extents;
    }

    /// The tensors before the call: the same numbers, all floats, for every kind of kernels.
    public Tensor[] inputs(ElementType type, long seed) {
        var random = new SplittableRandom(seed);
        Tensor[] tensors = new Tensor[shapes.size()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = Tensor.allocate(type, shapes.get(t));
            for (long i = 0; i < tensors[t].size(); i++) {
                tensors[t].set(i, (float) random.nextGaussian());
            }
        }
        return tensors;
    }

    public static KernelCase matmul(int m, int n, int k, boolean transposeA, boolean transposeB, boolean accumulate) {
        return plain("matmul %dx%dx%d %s%s%s".formatted(m, n, k, transposeA ? "T" : "N", transposeB ? "T" : "N", accumulate ? " +" : ""),
                List.of(transposeA ? shape(k, m) : shape(m, k), transposeB ? shape(n, k) : shape(k, n), shape(m, n)),
                (kernels, t) -> kernels.matmul(t[0], transposeA, t[1], transposeB, t[2], accumulate));
    }

    /// The three sides of a convolution of `[n, h, w, c]` to o channels.
    public static List<KernelCase> convolutions(int n, int h, int w, int c, int o, Window window, boolean accumulate) {
        long[] large = shape(n, h, w, c);
        long[] small = shape(n, window.over(h, window.height()), window.over(w, window.width()), o);
        long[] weight = shape(window.height(), window.width(), c, o);
        String size = " [%d, %d, %d, %d] %d %s".formatted(n, h, w, c, o, window);
        Activation activation = Activation.leakyRelu(0.3f);
        return List.of(
                plain("convolve" + size, List.of(large, weight, small), (k, t) -> k.convolve(t[0], t[1], window, t[2])),
                plain("convolveActivate" + size, List.of(large, weight, shape(o), small),
                        (k, t) -> k.convolveActivate(t[0], t[1], window, t[2], activation, t[3])),
                plain("convolveTransposed" + size, List.of(small, weight, large), (k, t) -> k.convolveTransposed(t[0], t[1], window, t[2])),
                plain("convolveWeightGradient" + size + (accumulate ? " +" : ""), List.of(large, small, weight),
                        (k, t) -> k.convolveWeightGradient(t[0], t[1], window, t[2], accumulate)));
    }

    public static List<KernelCase> resamplings(int n, int h, int w, int c) {
        List<KernelCase> cases = new ArrayList<>();
        for (Resampling resampling : Resampling.values()) {
            String size = " %s [%d, %d, %d, %d]".formatted(resampling, n, h, w, c);
            cases.add(plain("upsample" + size, List.of(shape(n, h, w, c), shape(n, 2L * h, 2L * w, c)),
                    (k, t) -> k.upsample(t[0], resampling, 1.5f, t[1])));
            cases.add(plain("downsample" + size, List.of(shape(n, 2L * h, 2L * w, c), shape(n, h, w, c)),
                    (k, t) -> k.downsample(t[0], resampling, 0.25f, t[1])));
        }
        return cases;
    }

    private static List<ImageChange> changes(int n) {
        var random = new SplittableRandom(n);
        return Stream.generate(() -> new ImageChange(random.nextBoolean(), random.nextBoolean(), (float) random.nextGaussian(),
                2 * random.nextFloat(), 2 * random.nextFloat(), random.nextInt(-3, 4), random.nextInt(-3, 4), random.nextInt(-3, 6),
                random.nextInt(-3, 6), random.nextInt(4), random.nextInt(4))).limit(n).toList();
    }

    /// Every other kernel but matmul, on `[n, c]` if s is 0, else on `[n, s, c]`.
    public static List<KernelCase> all(int n, int c, int s, boolean accumulate) {
        long[] shape = s == 0 ? shape(n, c) : shape(n, s, c);
        String size = s == 0 ? " [%d, %d]".formatted(n, c) : " [%d, %d, %d]".formatted(n, s, c);
        List<KernelCase> cases = new ArrayList<>();
        for (Activation activation : ACTIVATIONS) {
            String name = " " + activation.kind() + size + (accumulate ? " +" : "");
            cases.add(plain("biasActivate" + name, List.of(shape, shape(c)), (k, t) -> k.biasActivate(t[0], t[1], activation)));
            cases.add(plain("activateBackward" + name, List.of(shape, shape), (k, t) -> k.activateBackward(t[0], t[1], activation)));
            cases.add(plain("activateBackwardBias" + name, List.of(shape, shape, shape(c)),
                    (k, t) -> k.activateBackwardBias(t[0], t[1], activation, t[2], accumulate)));
            cases.add(plain("batchNorm" + name, List.of(shape, shape(c), shape(c), shape(c), shape(c), shape),
                    (k, t) -> k.batchNorm(t[0], t[1], t[2], 1e-3f, activation, t[3], t[4], t[5])));
            cases.add(plain("batchNormInference" + name, List.of(shape, shape(c), shape(c), shape(c), shape(c), shape), (k, t) -> {
                k.multiply(t[4], t[4], t[4]);
                k.batchNormInference(t[0], t[1], t[2], 1e-1f, activation, t[3], t[4], t[5]);
            }));
            List<long[]> shapes = List.of(shape, shape(c), shape(c), shape(c), shape(c), shape, shape, shape, shape(c), shape(c));
            cases.add(plain("batchNormBackward" + name, shapes, (k, t) -> {
                k.batchNorm(t[0], t[1], t[2], 1e-1f, activation, t[3], t[4], t[5]);
                k.batchNormBackward(t[0], t[5], t[6], t[1], 1e-1f, activation, t[3], t[4], t[7], t[8], t[9], accumulate);
            }));
        }
        cases.add(plain("dropoutMask" + size, List.of(shape), (k, t) -> k.dropoutMask(t[0], 0.8f, DRAW)));
        cases.add(plain("multiply" + size, List.of(shape, shape, shape), (k, t) -> k.multiply(t[0], t[1], t[2])));
        cases.add(plain("multiply in place" + size, List.of(shape, shape), (k, t) -> k.multiply(t[0], t[1], t[1])));
        cases.add(plain("addNormal" + size, List.of(shape, shape), (k, t) -> k.addNormal(t[0], 0.3f, DRAW, t[1])));
        cases.add(plain("addNormal in place" + size, List.of(shape), (k, t) -> k.addNormal(t[0], 0.3f, DRAW, t[0])));
        cases.add(plain("normal" + size, List.of(shape), (k, t) -> k.normal(t[0], DRAW)));
        cases.add(plain("uniform" + size, List.of(shape), (k, t) -> k.uniform(t[0], -1.7f, 1.7f, DRAW)));
        Draw part = DRAW.from(3);
        cases.add(plain("dropoutMask of a part" + size, List.of(shape), (k, t) -> k.dropoutMask(t[0], 0.8f, part)));
        cases.add(plain("addNormal of a part" + size, List.of(shape, shape), (k, t) -> k.addNormal(t[0], 0.3f, part, t[1])));
        cases.add(plain("normal of a part" + size, List.of(shape), (k, t) -> k.normal(t[0], part)));
        cases.add(plain("uniform of a part" + size, List.of(shape), (k, t) -> k.uniform(t[0], -1.7f, 1.7f, part)));
        cases.add(plain("scaleRows" + size, List.of(shape, shape(n)), (k, t) -> k.scaleRows(t[0], t[1])));
        cases.add(plain("fill" + size, List.of(shape), (k, t) -> k.fill(t[0], 0.3f)));
        cases.add(plain("addScaled" + size, List.of(shape, shape), (k, t) -> k.addScaled(t[0], -0.7f, t[1])));
        cases.add(plain("squaresOfRows" + size, List.of(shape, shape(n)), (k, t) -> k.squaresOfRows(t[0], t[1])));
        cases.add(plain("takeChannels" + size, List.of(shape(n, 2, 7), shape(n, 2, 3)), (k, t) -> k.takeChannels(t[0], 2, t[1])));
        cases.add(plain("putChannels" + size, List.of(shape(n, 2, 3), shape(n, 2, 7)), (k, t) -> k.putChannels(t[0], 4, t[1])));
        cases.add(plain("combineRows" + size, List.of(shape, shape(n), shape, shape(n), shape),
                (k, t) -> k.combineRows(t[0], t[1], t[2], t[3], t[4])));
        var changes = changes(n);
        for (int channels : new int[] {1, 3}) {
            List<long[]> images = List.of(shape(n, 5, 6, channels), shape(n, 5, 6, channels));
            cases.add(plain("changeImages" + size + channels, images, (k, t) -> k.changeImages(t[0], changes, -1, t[1])));
            cases.add(plain("changeImagesBack" + size + channels, images, (k, t) -> k.changeImagesBack(t[0], changes, t[1])));
        }
        for (Curve curve : Curve.values()) {
            Loss loss = new Loss(curve, curve == Curve.FROM_UNIT_LENGTH ? 0.1 : -0.7, curve == Curve.FROM_UNIT_LENGTH ? 2 : 0.3, 0.2, 1.5);
            cases.add(new KernelCase("loss " + curve + size, List.of(shape(n), shape(n)), (k, t) -> sums(k, 3, sums -> {
                k.loss(t[0], loss, 7, t[1], sums, 1);
                k.loss(t[0], loss, 7, t[1], sums, 1);
            })));
        }
        cases.add(plain("sum" + size, List.of(shape, shape, shape), (k, t) -> k.sum(t[0], t[1], t[2])));
        cases.add(plain("copy" + size, List.of(shape, shape), (k, t) -> k.copy(t[0], t[1])));
        cases.add(plain("add" + size, List.of(shape, shape), (k, t) -> k.add(t[0], t[1])));
        cases.add(plain("movingAverage" + size, List.of(shape, shape), (k, t) -> k.movingAverage(t[0], t[1], 0.99f)));
        cases.add(new KernelCase("momentumStep" + size, List.of(shape, shape, shape),
                (k, t) -> sums(k, 3, squares -> k.momentumStep(t[0], t[1], t[2], 0.1f, 0.5f, squares))));
        cases.add(new KernelCase("adamStep" + size, List.of(shape, shape, shape, shape), (k, t) -> {
            k.multiply(t[3], t[3], t[3]);
            return sums(k, 3, squares -> k.adamStep(t[0], t[1], t[2], t[3], 1e-2f, 0.5f, 0.999f, 1e-8f, 3, squares));
        }));
        cases.add(new KernelCase("sumOfSquares" + size, List.of(shape), (k, t) -> new double[] {k.sumOfSquares(t[0])}));
        return cases;
    }

    public static KernelCase maxout(int n, int units, int pieces) {
        return plain("maxout [%d, %d x %d]".formatted(n, units, pieces),
                List.of(shape(n, (long) units * pieces), shape((long) units * pieces), shape(n, units), shape(n, units)),
                (k, t) -> k.maxout(t[0], t[1], t[2], t[3]));
    }

    public static KernelCase maxoutTangent(int n, int units, int pieces) {
        return plain("maxoutTangent [%d, %d x %d]".formatted(n, units, pieces),
                List.of(shape(n, (long) units * pieces), shape((long) units * pieces), shape(n, units), shape(n, units),
                        shape(n, (long) units * pieces), shape(n, units)),
                (k, t) -> {
                    k.maxout(t[0], t[1], t[2], t[3]);
                    k.maxoutTangent(t[4], t[3], t[5]);
                });
    }

    public static KernelCase maxoutBackward(int n, int units, int pieces, boolean accumulate) {
        return plain("maxoutBackward [%d, %d x %d]%s".formatted(n, units, pieces, accumulate ? " +" : ""),
                List.of(shape(n, (long) units * pieces), shape((long) units * pieces), shape(n, units), shape(n, units), shape(n, units),
                        shape(n, (long) units * pieces)),
                (k, t) -> {
                    k.maxout(t[0], t[1], t[2], t[3]);
                    k.maxoutBackward(t[4], t[3], t[5], t[1], accumulate);
                });
    }

    /// What each of the kernels computes is what the plain reference does.
    public void assertEqualsReference(List<Kernels> all) {
        Tensor[] inputs = inputs(ElementType.FLOAT32, 1);
        Tensor[] expected = copies(inputs, ElementType.FLOAT64);
        double[] numbers = call.on(REFERENCE, expected);
        for (Kernels kernels : all) {
            double tolerance = kernels.type() == ElementType.FLOAT32 ? 3e-5 : 2e-6; // single-precision constants in both
            Tensor[] found = copies(inputs, kernels.type());
            double[] foundNumbers = call.on(kernels, found);
            for (int t = 0; t < found.length; t++) {
                assertClose(name + ", tensor " + t + ", " + kernels.describe(), expected[t], found[t], tolerance);
            }
            for (int i = 0; i < numbers.length; i++) {
                assertEquals(numbers[i], foundNumbers[i], 1e-5 * Math.abs(numbers[i]), name + ", number " + i + ", " + kernels.describe());
            }
        }
    }

    private static Tensor[] copies(Tensor[] tensors, ElementType type) {
        return Arrays.stream(tensors).map(tensor -> {
            var copy = Tensor.allocate(type, tensor.shape());
            for (long i = 0; i < copy.size(); i++) {
                copy.set(i, tensor.get(i));
            }
            return copy;
        }).toArray(Tensor[]::new);
    }

    /// Within the tolerance of the tensor's largest value: what a sum's rounding is measured by.
    private static void assertClose(String name, Tensor expected, Tensor found, double tolerance) {
        double largest = 1;
        for (long i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        for (long i = 0; i < expected.size(); i++) {
            if (!(Math.abs(expected.get(i) - found.get(i)) <= tolerance * largest)) { // a message for each of millions takes longest
                assertEquals(expected.get(i), found.get(i), tolerance * largest, name + ", element " + i);
            }
        }
    }

    /// What a kernel leaves in sums.
    private static double[] sums(Kernels kernels, int count, Consumer<Tensor> call) {
        Tensor sums = kernels.sums(count);
        call.accept(sums);
        return kernels.read(sums).get();
    }

    /// The same bits, in tensors and in numbers returned.
    public static void assertBits(String name, Tensor[] expected, double[] numbers, Tensor[] found, double[] foundNumbers) {
        for (int t = 0; t < found.length; t++) {
            assertEquals(-1, expected[t].segment().mismatch(found[t].segment()), name + ", tensor " + t + ": byte of the first difference");
        }
        assertTrue(Arrays.equals(numbers, foundNumbers), name + ": numbers returned");
    }
}
