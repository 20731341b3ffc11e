package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {

    private static final int COUNT = 6;
    private static final int CLASS = 3;

    @TempDir
    Path folder;

    private Path path(String name) {
        return folder.resolve(name);
    }

    private static Shell run(String... words) {
        var shell = Shell.run(words);
        assertEquals(0, shell.code(), shell.err());
        return shell;
    }

    /// Another program draws the samples that `sample` draws, and the two networks fit each other.
    @ParameterizedTest
    @CsvSource({"ring, 4, 2, 0", "digits-dcgan, 100, 784, -1", "conditional-digits, 64, 784, 0"})
    void anotherProgramDrawsTheSameSamples(String preset, int latent, int features, float black) throws Exception {
        String run = path("run").toString();
        run("train", "--preset", preset, "--steps", "1", "--set", "batch=4", "--set", "samples.count=1", "--set", "evaluation.share=0", "--run-dir",
                run,
                "--no-dashboard");
        var drawing = new ArrayList<>(List.of("sample", run, "--count", String.valueOf(COUNT), "--npy", path("x.npy").toString(),
                "--save-latents", path("z.npy").toString()));
        if (preset.startsWith("conditional")) {
            drawing.addAll(List.of("--class", String.valueOf(CLASS)));
        }
        run(drawing.toArray(String[]::new));
        run("export", run, "--onnx", path("g.onnx").toString(), "--discriminator", path("d.onnx").toString());

        var environment = OrtEnvironment.getEnvironment();
        try (var g = environment.createSession(path("g.onnx").toString()); var d = environment.createSession(path("d.onnx").toString())) {
            float[] x = apply(environment, g, "z", floats(path("z.npy"), COUNT * latent), latent);
            float[] expected = floats(path("x.npy"), COUNT * features); // of pixels from 0 to 1
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], (x[i] - black) / (1 - black), 1e-5f, "value " + i);
            }
            long[] shape = features == 2 ? new long[] {2} : new long[] {28, 28, 1};
            assertEquals(COUNT, apply(environment, d, "x", x, shape).length);
            var metadata = g.getMetadata().getCustomMetadata();
            assertTrue(metadata.get("z").startsWith("[n, " + latent + "], each number from N(0, 1)"), metadata.toString());
            assertEquals(preset.startsWith("conditional"), metadata.containsKey("class"));
            assertEquals("1", metadata.get("step"));
        }
    }

    private static float[] floats(Path npy, int count) throws IOException {
        byte[] bytes = Files.readAllBytes(npy);
        float[] values = new float[count];
        ByteBuffer.wrap(bytes, bytes.length - count * Float.BYTES, count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static float[] apply(OrtEnvironment environment, OrtSession session, String input, float[] values, long... shape) throws OrtException {
        var inputs = new HashMap<String, OnnxTensor>();
        long[] rows = new long[shape.length + 1];
        rows[0] = COUNT;
        System.arraycopy(shape, 0, rows, 1, shape.length);
        inputs.put(input, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), rows));
        if (session.getInputNames().contains("class")) {
            long[] classes = new long[COUNT];
            Arrays.fill(classes, CLASS);
            inputs.put("class", OnnxTensor.createTensor(environment, LongBuffer.wrap(classes), new long[] {COUNT}));
        }
        try (var outputs = session.run(inputs)) {
            var buffer = ((OnnxTensor) outputs.get(0)).getFloatBuffer();
            float[] all = new float[buffer.remaining()];
            buffer.get(all);
            return all;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Test
    void whatIsMissingIsTold() {
        assertEquals(2, Shell.run("export", "none").code());
        assertEquals(1, Shell.run("export", path("none").toString(), "--onnx", path("g.onnx").toString()).code());
    }
}
