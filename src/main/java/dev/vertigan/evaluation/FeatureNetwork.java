package dev.vertigan.evaluation;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Initialiser;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Optimiser;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// A small convolutional network that sees images as 128 features and, where the data have classes, names the class. Not thread-safe.
public final class FeatureNetwork {

    /// Numbers in the layer before the last.
    public static final int FEATURES = 128;

    private static final int BATCH = 128;
    static final long SEEN = 480_000; // images in a training
    private static final int MOST_EPOCHS = 40;
    private static final double RATE = 2e-3; // of Adam, falling to 0 as half a cosine
    private static final long SEED = 1;
    private static final int SMALL = 8; // pixels a side that the convolutions go down to
    private static final List<String> HEAD = List.of("dropout 0.5", "output");

    private final Kernels kernels;
    private final int classes;
    private final Network body;
    private final Network head;
    private final Trace bodyTrace;
    private final Trace headTrace;
    private final Tensor images; // [BATCH, pixels]
    private final Tensor slopes; // [BATCH, classes]

    /// A network of random weights.
    ///
    /// @param shape of an image, `[height, width, channels]`
    /// @param classes 0 = it names none
    public FeatureNetwork(int[] shape, int classes, Kernels kernels) {
        this.kernels = kernels;
        this.classes = classes;
        body = new Network(Architecture.parse(layers(shape), Shape.of(shape), Shape.of(FEATURES)), kernels, SEED, 0);
        head = new Network(Architecture.parse(HEAD, Shape.of(FEATURES), Shape.of(Math.max(1, classes))), kernels, SEED, 1);
        new Initialiser.He().fill(body, SEED, 0);
        new Initialiser.He().fill(head, SEED, 1);
        bodyTrace = body.trace(BATCH);
        headTrace = head.trace(BATCH);
        images = kernels.allocate(BATCH, Shape.of(shape).size());
        slopes = kernels.allocate(BATCH, Math.max(1, classes));
    }

    /// What it is made of and how it learns: another description is another network.
    static List<String> description(int... shape) {
        var description = new ArrayList<>(layers(shape));
        description.addAll(HEAD);
        description.add(BATCH + " " + SEEN + " " + MOST_EPOCHS + " " + RATE + " " + SEED);
        return description;
    }

    private static List<String> layers(int... shape) {
        var layers = new ArrayList<>(List.of("conv 16 5x5 stride 2 pad 2 relu"));
        for (int side = Math.ceilDiv(Math.max(shape[0], shape[1]), 2); side > SMALL; side = Math.ceilDiv(side, 2)) {
            layers.add("conv 32 3x3 stride 2 pad 1 relu");
        }
        layers.add("output relu");
        return layers;
    }

    /// Learning to name the classes of a data set, update by update.
    final class Training {

        private final Dataset data;
        private final BatchOrder order;
        private final long updates;
        private final Parameters bodyGradients = body.weights().alike(kernels);
        private final Parameters headGradients = head.weights().alike(kernels);
        private final Optimiser bodyOptimiser = new Optimiser.Adam(kernels, body.weights().alike(kernels), body.weights().alike(kernels));
        private final Optimiser headOptimiser = new Optimiser.Adam(kernels, head.weights().alike(kernels), head.weights().alike(kernels));
        private final Tensor squares = kernels.sums(3);
        private final int[] labels = new int[BATCH];
        private long t;

        /// @param seen images to learn from, each as often as it takes
        Training(Dataset data, long seen) {
            this.data = data;
            order = new BatchOrder(SEED, data.size());
            updates = Math.min(seen, MOST_EPOCHS * data.size()) / BATCH;
        }

        /// The share that is done.
        double done() {
            return t / (double) updates;
        }

        void update() {
            float[] pixels = new float[BATCH * data.features()];
            for (int i = 0; i < BATCH; i++) {
                long index = order.index(t * BATCH + i);
                data.read(index, pixels, i * data.features());
                labels[i] = data.label(index);
            }
            t++;
            Form.of(data).toUnit(pixels);
            images.set(0, pixels, pixels.length, 1);
            var pass = Pass.training(t, 0);
            var logits = headTrace.forward(bodyTrace.forward(images, pass), pass);
            crossEntropySlopes(floats(logits), labels);
            headTrace.backward(slopes, GradientTarget.replacing(headGradients));
            bodyTrace.backward(headTrace.inputGradient(0, BATCH), GradientTarget.replacing(bodyGradients));
            var step = new Optimiser.Step(t, RATE * (1 + Math.cos(Math.PI * t / updates)) / 2, 0, 0.9, 0.999, 1e-8);
            headOptimiser.step(head.weights(), headGradients, step, squares);
            bodyOptimiser.step(body.weights(), bodyGradients, step, squares);
        }
    }

    /// Of the mean of −log softmax: (p − one-hot) / n.
    private void crossEntropySlopes(float[] logits, int... labels) {
        float[] values = new float[logits.length];
        for (int i = 0; i < BATCH; i++) {
            double[] p = softmax(logits, i * classes);
            for (int c = 0; c < classes; c++) {
                values[i * classes + c] = (float) ((p[c] - (c == labels[i] ? 1 : 0)) / BATCH);
            }
        }
        slopes.set(0, values, values.length, 1);
    }

    private double[] softmax(float[] logits, int from) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            most = Math.max(most, logits[from + c]);
        }
        double[] p = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(logits[from + c] - most);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /// @param features of each image, `[n][128]`
    /// @param likeliest its class, −1 if there are none
    /// @param confidence the probability of that class
    record Seen(double[][] features, int[] likeliest, double[] confidence) {}

    /// Values in an image.
    int pixels() {
        return Math.toIntExact(images.extent(1));
    }

    /// @param pixels `[n, features]` in [0, 1]
    Seen see(float[] pixels) {
        int size = pixels();
        int n = pixels.length / size;
        var seen = new Seen(new double[n][FEATURES], new int[n], new double[n]);
        for (int from = 0; from < n; from += BATCH) {
            int count = Math.min(BATCH, n - from);
            float[] part = Arrays.copyOfRange(pixels, from * size, (from + count) * size);
            images.set(0, part, part.length, 1);
            var features = bodyTrace.forward(images, Pass.INFERENCE);
            float[] values = floats(features);
            float[] logits = floats(headTrace.forward(features, Pass.INFERENCE));
            for (int i = 0; i < count; i++) {
                for (int f = 0; f < FEATURES; f++) {
                    seen.features[from + i][f] = values[i * FEATURES + f];
                }
                name(logits, i, seen, from + i);
            }
        }
        return seen;
    }

    private void name(float[] logits, int row, Seen seen, int at) {
        seen.likeliest[at] = -1;
        double[] p = softmax(logits, row * classes);
        for (int c = 0; c < classes; c++) {
            if (p[c] > seen.confidence[at]) {
                seen.confidence[at] = p[c];
                seen.likeliest[at] = c;
            }
        }
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        MemorySegment.copy(tensor.segment(), ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        return values;
    }

    /// The share of a data set's samples whose class it names.
    double accuracy(Dataset data, Patience patience) {
        long right = 0;
        for (long from = 0; from < data.size(); from += BATCH) {
            patience.check();
            int count = (int) Math.min(BATCH, data.size() - from);
            float[] pixels = new float[count * data.features()];
            for (int i = 0; i < count; i++) {
                data.read(from + i, pixels, i * data.features());
            }
            Form.of(data).toUnit(pixels);
            int[] named = see(pixels).likeliest;
            for (int i = 0; i < count; i++) {
                right += named[i] == data.label(from + i) ? 1 : 0;
            }
        }
        return right / (double) data.size();
    }

    /// Its weights by name; they are its own.
    SortedMap<String, Tensor> weights() {
        var weights = new TreeMap<String, Tensor>();
        body.weights().views().forEach((name, tensor) -> weights.put("body." + name, tensor));
        head.weights().views().forEach((name, tensor) -> weights.put("head." + name, tensor));
        return weights;
    }

    /// Takes the weights of another of the same description.
    void restore(SortedMap<String, Tensor> saved) {
        weights().forEach((name, tensor) -> tensor.segment().copyFrom(Objects.requireNonNull(saved.get(name), name).segment()));
    }
}
