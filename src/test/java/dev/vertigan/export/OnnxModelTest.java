package dev.vertigan.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An exported network does what it did here, by another program's arithmetic.
class OnnxModelTest {

    private static final int ROWS = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "dense 7 leaky-relu 0.1, dropout 0.5, batch-norm relu, scale 2.5, maxout 6x3, dense 9 tanh, residual, "
                + "dense 9 relu, dense 9, add, output sigmoid",
        "dense 5 classes 3 relu, batch-norm classes 3 leaky-relu, output classes 3"})
    void ofRows(String layers) throws Exception {
        same(layers, Shape.of(4), Shape.of(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "reshape 3x3x2, deconv 4 4x4 stride 2, batch-norm leaky-relu, upsample nearest, upsample bilinear, conv 3 3x3 relu, output conv 3x3 tanh",
        "dense 72, reshape 6x6x2, batch-norm classes 3 relu, residual, conv 2 3x3 leaky-relu, conv 2 3x3, add, "
                + "upsample bilinear, upsample bilinear, output conv 1x1"})
    void thatMakesImages(String layers) throws Exception {
        same(layers, Shape.of(18), Shape.of(24, 24, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "conv 4 4x4 stride 2 leaky-relu, downsample bilinear, downsample nearest, minibatch-deviation, output",
        "conv 4 3x2 stride 3 pad 1 leaky-relu, output projection 3"})
    void thatJudgesImages(String layers) throws Exception {
        same(layers, Shape.of(16, 16, 2), Shape.of(1));
    }

    private void same(String layers, Shape in, Shape out) throws OrtException, IOException {
        try (var kernels = Backend.open(new RunConfig.Compute(1, Choice.Kernels.AUTO, Choice.Precision.FLOAT32))) {
            var network = new Network(Architecture.parse(List.of(layers.split(", ")), in, out), kernels, 1, 0);
            var random = new Random(layers.hashCode());
            network.weights().views().values().forEach(tensor -> fill(tensor, () -> random.nextGaussian() / 3));
            network.statistics().views().values().forEach(tensor -> fill(tensor, () -> 0.5 + random.nextDouble()));
            var x = kernels.allocate(ROWS, in.size());
            fill(x, random::nextGaussian);
            var file = folder.resolve("network.onnx");
            OnnxModel.write(file, network, "x", "y", Map.of("note", "ja, ñ"));
            assertArrayEquals(here(network, x, kernels), there(file, network, x), 1e-5f);
        }
    }

    private static void fill(Tensor tensor, DoubleSupplier number) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, number.getAsDouble());
        }
    }

    /// Row i is of class i mod K.
    private static float[] here(Network network, Tensor x, Kernels kernels) {
        int classes = network.architecture().classes();
        Optional<Tensor> oneHot = classes == 0 ? Optional.empty() : Optional.of(kernels.allocate(ROWS, classes));
        oneHot.ifPresent(rows -> {
            for (int i = 0; i < ROWS; i++) {
                rows.set((long) i * classes + i % classes, 1);
            }
        });
        return values(network.trace(ROWS).forward(x, Pass.INFERENCE.of(oneHot)));
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) tensor.get(i);
        }
        return values;
    }

    private static float[] there(Path file, Network network, Tensor x) throws OrtException {
        var environment = OrtEnvironment.getEnvironment();
        try (var session = environment.createSession(file.toString())) {
            assertEquals("ja, ñ", session.getMetadata().getCustomMetadata().get("note"));
            long[] shape = new long[network.inputShape().length + 1];
            shape[0] = ROWS;
            System.arraycopy(network.inputShape(), 0, shape, 1, shape.length - 1);
            var inputs = new HashMap<String, OnnxTensor>();
            inputs.put("x", OnnxTensor.createTensor(environment, FloatBuffer.wrap(values(x)), shape));
            int classes = network.architecture().classes();
            if (classes > 0) {
                long[] labels = new long[ROWS];
                Arrays.setAll(labels, i -> i % classes);
                inputs.put("class", OnnxTensor.createTensor(environment, LongBuffer.wrap(labels), new long[] {ROWS}));
            }
            try (var outputs = session.run(inputs)) {
                var buffer = ((OnnxTensor) outputs.get(0)).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                return values;
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }

    /// The wire format's own examples (protobuf.dev): 150 as a varint, a string, a message within.
    @Test
    void messagesAreWrittenAsTheFormatSays() {
        assertArrayEquals(new byte[] {0x08, (byte) 0x96, 0x01}, new Protobuf().put(1, 150).bytes());
        assertArrayEquals(new byte[] {0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67}, new Protobuf().put(2, "testing").bytes());
        assertArrayEquals(new byte[] {0x1a, 0x03, 0x08, (byte) 0x96, 0x01}, new Protobuf().put(3, new Protobuf().put(1, 150)).bytes());
        assertArrayEquals(new byte[] {0x08, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01}, new Protobuf().put(1, -1).bytes());
    }
}
