package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Window;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    @Test
    void allLayersKnowTheSameClasses() {
        var lines = List.of("dense 8 classes 10", "batch-norm classes 10 relu", "residual", "dense 8 classes 10", "add", "output projection 10");
        assertEquals(10, Architecture.parse(lines, IMAGE, LOGIT).classes());
        assertEquals(10, Architecture.classes(lines));
        assertEquals(0, Architecture.classes(List.of("dense 8", "output")));
        var others = List.of("dense 8 classes 10", "output projection 9");
        var refusal = assertThrows(Architecture.Unfit.class, () -> Architecture.parse(others, IMAGE, LOGIT));
        assertEquals(List.of("layer 1 \"output projection 9\": expected 10 classes as in the layers before it, found 9"), refusal.problems());
        assertThrows(Architecture.Unfit.class, () -> Architecture.parse(List.of("output projection 10"), LOGIT, IMAGE), "only D gives one number");
        assertThrows(Architecture.Unfit.class, () -> Architecture.parse(List.of("dense 8 classes 1", "output"), IMAGE, LOGIT));
    }

    private static final Shape LATENT = Shape.of(100);
    private static final Shape IMAGE = Shape.of(28, 28, 1);
    private static final Shape LOGIT = Shape.of(1);

    private static List<LayerSpec> specs(Architecture architecture) {
        return architecture.layers().layers().stream().map(PlacedLayer::spec).toList();
    }

    private static List<String> shapes(Architecture architecture) {
        return architecture.layers().layers().stream().map(layer -> layer.in() + " → " + layer.out()).toList();
    }

    @Test
    void linesBecomeLayersAndShapes() {
        var architecture = Architecture.parse(List.of("dropout 0.8", "maxout 240x5", "dense  10 leaky-relu", "batch-norm tanh", "output sigmoid"),
                Shape.of(784), Shape.of(3));
        assertEquals(List.of(new Dropout(0.8f), new Maxout(240, 5), new Dense(10, 0, Activation.leakyRelu(0.2f)), new BatchNorm(0, Activation.TANH),
                new Dense(3, 0, Activation.SIGMOID)), specs(architecture));
        assertEquals(List.of("784 → 784", "784 → 240", "240 → 10", "10 → 10", "10 → 3"), shapes(architecture));
    }

    @Test
    void aGeneratorOfImages() {
        var architecture = Architecture.parse(List.of("dense 6272 relu", "reshape 7x7x128", "deconv 64 4x4 stride 2", "batch-norm leaky-relu 0.1",
                "upsample bilinear", "downsample nearest", "output deconv 4x4 stride 2 tanh"), LATENT, IMAGE);
        assertEquals(List.of(new Dense(6272, 0, Activation.RELU), new Reshape(Shape.of(7, 7, 128)),
                new Convolution(64, new Window(4, 4, 2, 1), 1, true, Activation.LINEAR), new BatchNorm(0, Activation.leakyRelu(0.1f)),
                new Resample(true, Resampling.BILINEAR), new Resample(false, Resampling.NEAREST),
                new Convolution(1, new Window(4, 4, 2, 1), 1, true, Activation.TANH)), specs(architecture));
        assertEquals(List.of("100 → 6272", "6272 → 7x7x128", "7x7x128 → 14x14x64", "14x14x64 → 14x14x64", "14x14x64 → 28x28x64",
                "28x28x64 → 14x14x64", "14x14x64 → 28x28x1"), shapes(architecture));
        assertEquals(Activation.TANH, architecture.outputActivation());
    }

    @Test
    void aDiscriminatorOfImages() {
        var architecture = Architecture.parse(List.of("conv 32 5x3 stride 2 pad 2 leaky-relu", "conv 64 4x4 stride 2", "conv 3 1x1", "dense 10",
                "output"), IMAGE, LOGIT);
        assertEquals(List.of("28x28x1 → 14x15x32", "14x15x32 → 7x7x64", "7x7x64 → 7x7x3", "147 → 10", "10 → 1"), shapes(architecture));
        assertEquals(List.of("28x28x1 → 7x7x8", "7x7x8 → 1x1x1"),
                shapes(Architecture.parse(List.of("conv 8 4x4 stride 4", "output conv 7x7 pad 0"), IMAGE, LOGIT)), "a logit may be a convolution's");
        assertEquals(List.of("784 → 1"), shapes(Architecture.parse(List.of("output"), IMAGE, LOGIT)));
    }

    @Test
    void blocksNestAndTheirParametersAreNamedByTheWayThere() {
        var lines = List.of("conv 4 3x3", "residual", "batch-norm leaky-relu", "conv 4 3x3", "residual", "conv 8 1x1", "conv 4 1x1", "add", "add",
                "output");
        var architecture = Architecture.parse(lines, IMAGE, LOGIT);
        try (var kernels = new Nd4jKernels(ElementType.FLOAT32, 1)) {
            var network = new Network(architecture, kernels, 1, 1);
            assertEquals(List.of("0.weight", "0.bias", "1.0.gamma", "1.0.beta", "1.1.weight", "1.1.bias", "1.2.0.weight", "1.2.0.bias",
                    "1.2.1.weight", "1.2.1.bias", "2.weight", "2.bias"), List.copyOf(network.weights().views().keySet()));
            assertEquals(List.of("1.0.running_mean", "1.0.running_variance"), List.copyOf(network.statistics().views().keySet()));
            assertEquals("float32[3, 3, 1, 4]", network.weights().view("0.weight").toString());
            assertEquals("2.bias", architecture.outputBias());
        }
        assertEquals(List.of(0, 1, 9), architecture.layers().layers().stream().map(PlacedLayer::number).toList(), "numbers are the lines'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dense|a number of units|\"the end\"",
        "dense 0|1..65536|\"0\"",
        "dense ten|1..65536|\"ten\"",
        "dense 10 rellu|relu|\"rellu\"",
        "dense 10 relu 3|nothing after|\"3\"",
        "dense 10 leaky-relu 1.5|slope|\"1.5\"",
        "maxout 240|as in 240x5|\"240\"",
        "maxout 240x0|1..65536|\"0\"",
        "dropout 0|(0, 1]|\"0\"",
        "dropout 1.1|(0, 1]|\"1.1\"",
        "dropout nan|(0, 1]|\"nan\"",
        "konv 3|dense, maxout|\"konv\"",
        "conv|a number of channels|\"the end\"",
        "conv 3|as in 4x4|\"the end\"",
        "conv 3 3|as in 4x4|\"3\"",
        "conv 3 3x65|1..64|\"65\"",
        "conv 3 3x3 stride 0|a stride in 1..64|\"0\"",
        "conv 3 3x3 stride|a stride|\"the end\"",
        "conv 3 3x3 pad -1|a padding in 0..64|\"-1\"",
        "conv 3 3x3 relu stride 2|nothing after|\"stride\"",
        "conv 3 3x3 groups 3|groups that divide the channels before and after, 1 and 3|found 3",
        "reshape 4x4|as in 4x4x256|\"4x4\"",
        "upsample|nearest or bilinear|\"the end\"",
        "upsample cubic|nearest or bilinear|\"cubic\"",
        "residual 3|residual, add|\"residual\"",
        "conv 3 29x28 pad 0|at least 29x28|28x28x1 with 0 on each side",
        "deconv 3 2x2 pad 15|a padding that leaves something|15 around 28x28x1",
        "reshape 28x28x2|1568 values|784 (28x28x1)",
        "add|\"residual\" before it|none",
        "output|as the last layer and only there|output"})
    void wrongLinesSayWhatWasExpectedAndFound(String line, String expected, String found) {
        assertTold(List.of(line, "output"), "layer 0 \"" + line + "\"", expected, found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dense 9; conv 3 3x3; output|layer 1 \"conv 3 3x3\"|expected an image|9 values|reshape HxWxC",
        "dense 9; upsample nearest; output|layer 1|expected an image|9 values|reshape HxWxC",
        "conv 3 4x4 stride 4; downsample bilinear; output|layer 1|an even height and width|7x7x3|found",
        "residual; conv 3 3x3; add; output|layer 0 \"residual\"|expected layers that give what they take, 28x28x1|28x28x3|\"conv 3 1x1\" before it",
        "residual; conv 1 4x4 stride 2; add; output|layer 0|28x28x1|14x14x1|height and width outside of it",
        "dense 9; residual; dense 8; add; output|layer 1|9|8|\"dense 8\" before it",
        "residual; conv 1 3x3 relu; add; output|layer 0|leaky-relu|relu, which passes no gradient|begin at zero",
        "residual; conv 1 3x3; batch-norm sigmoid; add; output|layer 0|leaky-relu|sigmoid|begin at zero",
        "residual; add; output|layer 0 \"residual\"|layers before \"add\"|none|found",
        "residual; conv 1 3x3; output|layer 0 \"residual\"|\"add\" after its layers|the end|found",
        "conv 1 3x3; residual; residual; reshape 1x1x1; add; add; output|layer 1.0.0 \"reshape 1x1x1\"|1 values|784|found",
        "output conv 3x3|layer 0 \"output conv 3x3\"|expected to give 1|28x28x1|found",
        "output conv 28x28 stride 28 pad 0; dense 3|layer \"dense 3\"|\"output\" as the last layer|only there|expected",
        "deconv 1 64x64 stride 64; deconv 1 64x64 stride 64; output|layer 1|at most 65536 pixels a side|1|found",
        "dense 65536; dense 65536; output|layer 1 \"dense 65536\"|at most 268435456 weights|4295032832|found",
        "deconv 4096 64x64 stride 64; output|layer 0|at most 268435456 values|1792x1792x4096|found"})
    void shapesThatCannotBeSayWhatWasExpectedAndFound(String lines, String layer, String expected, String found, String more) {
        assertTold(Arrays.asList(lines.split("; ")), layer, expected, found, more);
    }

    private static void assertTold(List<String> lines, String... words) {
        var error = assertThrows(Architecture.Unfit.class, () -> Architecture.parse(lines, IMAGE, LOGIT));
        for (String word : words) {
            assertTrue(error.getMessage().contains(word), () -> word + " in " + error.getMessage());
        }
    }

    @Test
    void allLinesThatAreWrongAreToldAtOnce() {
        var lines = List.of("dense ten", "residual", "conv 3", "add", "add", "dense 3 relo", "output tanhh");
        var problems = assertThrows(Architecture.Unfit.class, () -> Architecture.parse(lines, IMAGE, LOGIT)).problems();
        assertEquals(5, problems.size(), () -> String.join("\n", problems));
    }

    @Test
    void theOutputIsLastAndOnlyThere() {
        for (var lines : List.of(List.<String>of(), List.of("dense 3"), List.of("output", "output"), List.of("output", "residual", "dense 1", "add"),
                List.of("residual", "output", "add"), Collections.nCopies(257, "output"))) {
            assertThrows(Architecture.Unfit.class, () -> Architecture.parse(lines, Shape.of(2), LOGIT), () -> lines.toString());
        }
        var most = new ArrayList<>(Collections.nCopies(255, "dense 1"));
        most.add("output");
        assertEquals(256, specs(Architecture.parse(most, Shape.of(2), LOGIT)).size());
    }
}
