package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.StateRequest.LeaseGenerator;
import dev.vertigan.bus.StateRequest.LookAtGenerator;
import dev.vertigan.bus.StateRequest.ProbeGenerator;
import dev.vertigan.config.RunConfig;
import dev.vertigan.game.Portrait;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.GetNetworks;
import dev.vertigan.values.Scene;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said of the layers is so. That looking changes no bit, every whole run of the tests shows: they all look.
class LayersTest {

    @TempDir
    private Path temp;

    /// Each kind of architecture that there is: dense, normalised, maxout, convolutions, residual blocks.
    static Stream<RunConfig> architectures() {
        return Runs.variety(3).stream();
    }

    private static float[] array(Scene scene, String name) {
        var each = Pattern.compile("\\{\"name\":\"([^\"]+)\",\"shape\":\\[([^]]*)],\"type\":\"(\\w+)\"").matcher(scene.arrays());
        int at = 0;
        while (each.find()) {
            int length = Stream.of(each.group(2).split(", ")).mapToInt(Integer::parseInt).reduce(1, (a, b) -> a * b);
            boolean coarse = each.group(3).equals("i8");
            if (each.group(1).equals(name)) {
                float[] values = new float[length];
                ByteBuffer.wrap(scene.bytes(), at, 4 * length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
                return values;
            }
            at += coarse ? (length + 3) / 4 * 4 : 4 * length;
        }
        throw new AssertionError(name + " is not in " + scene.arrays());
    }

    @Test
    void figuresAreThoseOfTheTensors() {
        try (var run = new Running(temp.resolve("run"), Runs.ring(0)).startAtRest()) {
            run.ask(new Command.Step(2));
            run.ask(new ProbeGenerator());
            int count = 24 * run.ask(new GetNetworks()).generator().path("input").get(0).asInt();
            float[] before = first(count, run.ask(new LeaseGenerator(false, Portrait.Use.PICTURES)).weights());
            run.ask(new Command.Step(1));
            float[] after = first(count, run.ask(new LeaseGenerator(false, Portrait.Use.PICTURES)).weights());
            var look = run.ask(new LookAtGenerator()).layers().orElseThrow();
            double sum = 0;
            double squares = 0;
            double moved = 0;
            double size = 0;
            for (int i = 0; i < after.length; i++) {
                sum += after[i];
                squares += (double) after[i] * after[i];
                moved += Math.pow((double) after[i] - before[i], 2);
                size += (double) before[i] * before[i];
            }
            double mean = sum / after.length;
            float[] weights = array(look, "generator.weights");
            assertEquals(mean, weights[0], 1e-6);
            assertEquals(Math.sqrt(squares / after.length - mean * mean), weights[1], 1e-6);
            assertEquals(Math.sqrt(moved / size), array(look, "generator.ratios")[0], 1e-6);
        }
    }

    /// The weights of the first layer, from z to 24 units.
    private static float[] first(int count, Tensor flat) {
        float[] values = new float[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) flat.get(i);
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theyAreOfTheNetworkAsItIsOnPaper(RunConfig config) throws InterruptedException {
        var looks = new LinkedBlockingQueue<Scene>();
        try (var run = new Running(temp.resolve("run"), config.with(Map.of("report.layers", IntNode.valueOf(1))))) {
            run.bus().listen(Addresses.LAYERS, Scene.class, looks::add);
            run.start();
            var look = looks.poll(60, TimeUnit.SECONDS);
            var networks = run.ask(new GetNetworks());
            run.outcome();
            check(look, "generator", networks.generator());
            check(look, "discriminator", networks.discriminator());
        }
    }

    private static void check(Scene look, String player, JsonNode network) {
        int tensors = network.path("tensors").size();
        assertEquals(tensors, array(look, player + ".ratios").length);
        assertEquals(4 * tensors, array(look, player + ".gradients").length);
        assertEquals(4 * network.path("outputs").size(), array(look, player + ".activations").length);
        assertEquals(network.path("parameters").asLong(), parameters(network));
        var layers = network.path("layers");
        assertTrue(layers.size() > 1 && !layers.get(0).path("words").asText().isEmpty());
    }

    /// Those of blocks are those of the layers in them.
    private static long parameters(JsonNode network) {
        long sum = 0;
        for (var layer : network.path("layers")) {
            sum += layer.path("parameters").asLong();
            if (!layer.path("layers").isEmpty()) {
                assertEquals(layer.path("parameters").asLong(), parameters(layer));
            }
        }
        return sum;
    }

    @Test
    void nobodyLooksWhenItIsSwitchedOff() {
        var looks = new LinkedBlockingQueue<Scene>();
        try (var run = new Running(temp.resolve("run"), Runs.ring(20).with(Map.of("report.layers", IntNode.valueOf(0))))) {
            run.bus().listen(Addresses.LAYERS, Scene.class, looks::add);
            run.start();
            run.outcome();
            assertTrue(looks.isEmpty());
        }
    }
}
