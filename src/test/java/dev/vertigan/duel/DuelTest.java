package dev.vertigan.duel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Generator;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Shape;
import dev.vertigan.objective.BestDiscriminator;
import dev.vertigan.tensor.simd.SimdKernels;
import dev.vertigan.values.Scene;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scenes against plain arithmetic: networks of two layers written out.
class DuelTest {

    private static final SimdKernels KERNELS = new SimdKernels(1);
    private static final int COUNT = 40;
    private static final double EPSILON = 1e-4;

    private RunConfig config;
    private Dataset dataset;
    private float[] reals;
    private Network generator;
    private Network discriminator;

    @Test
    void aTablesPointsAreSeenWithAllTheirColumns(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("t.csv"), "a,b,c\n" + IntStream.range(0, COUNT)
                .mapToObj(row -> row + "," + row * row + "," + row % 3 + "\n").collect(Collectors.joining()));
        var arrays = play("ring", "data.name=table", "data.columns=a, b, c", "data.dir=" + file);
        for (String name : List.of("reals", "fakes", "push")) {
            assertEquals(COUNT * 3, arrays.get(name).length, name);
        }
        assertFalse(arrays.containsKey("side"), "there is no plane to look at");
    }

    @AfterAll
    static void close() {
        KERNELS.close();
    }

    private Map<String, float[]> play(String preset, String... settings) {
        var assignments = Stream.concat(
                Stream.of("generator.layers=dense 6 leaky-relu, output", "discriminator.layers=dense 6 leaky-relu, output",
                        "game.objective=non-saturating", "latent.size=" + (preset.equals("gaussian") ? 1 : 2)),
                Stream.of(settings));
        config = new ConfigLoader().load(preset, Optional.empty(), assignments.map(Assignment::parse).toList());
        dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        reals = new float[COUNT * dataset.features()];
        for (int i = 0; i < COUNT; i++) {
            dataset.read(i, reals, i * dataset.features());
        }
        var sample = Shape.of(dataset.shape());
        generator = network(new Network(Generator.architecture(config, sample), KERNELS, 1, 0), 5);
        discriminator = network(new Network(Discriminator.architecture(config, sample), KERNELS, 1, 0), 6);
        return arrays(new Duel(config, dataset, reals, KERNELS).at(7, weights(generator), weights(discriminator), config.game()));
    }

    private static Network network(Network network, long seed) {
        var random = RandomGenerator.of("L64X128MixRandom");
        var flat = network.weights().flat();
        for (long i = 0; i < flat.size(); i++) {
            flat.set(i, random.nextGaussian() * 0.7 + seed * 1e-3);
        }
        return network;
    }

    private static Duel.Weights weights(Network network) {
        return new Duel.Weights(network.weights().flat(), network.statistics().flat());
    }

    private static Map<String, float[]> arrays(Scene scene) {
        var found = new HashMap<String, float[]>();
        try {
            int at = 0;
            var bytes = ByteBuffer.wrap(scene.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (var array : new JsonMapper().readTree(scene.arrays())) {
                int length = 1;
                for (var extent : array.path("shape")) {
                    length *= extent.asInt();
                }
                float[] values = new float[length];
                boolean coarse = array.path("type").asText().equals("i8");
                for (int i = 0; i < length; i++) {
                    values[i] = coarse ? (float) (bytes.get(at + i) * array.path("scale").asDouble()) : bytes.getFloat(at + 4 * i);
                }
                found.put(array.path("name").asText(), values);
                at += coarse ? Math.ceilDiv(length, 4) * 4 : 4 * length;
            }
            assertEquals(scene.bytes().length, at, "every byte belongs to an array");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    /// `leaky-relu(x·W₁ + b₁)·W₂ + b₂` in double precision.
    private static double[] plain(Network network, double... x) {
        var views = network.weights().views().values().stream().sorted((a, b) -> Long.compare(a.segment().address(), b.segment().address())).toList();
        double[] h = x;
        for (int layer = 0; layer < 2; layer++) {
            var weight = views.get(2 * layer).shape().length == 2 ? views.get(2 * layer) : views.get(2 * layer + 1);
            var bias = weight == views.get(2 * layer) ? views.get(2 * layer + 1) : views.get(2 * layer);
            int units = Math.toIntExact(weight.extent(1));
            double[] y = new double[units];
            for (int unit = 0; unit < units; unit++) {
                y[unit] = bias.get(unit);
                for (int i = 0; i < h.length; i++) {
                    y[unit] += h[i] * weight.get((long) i * units + unit);
                }
                y[unit] = layer == 0 && y[unit] < 0 ? 0.2 * y[unit] : y[unit];
            }
            h = y;
        }
        return h;
    }

    private double logit(double... x) {
        return plain(discriminator, x)[0];
    }

    private static double softplus(double t) {
        return Math.log1p(Math.exp(-Math.abs(t))) + Math.max(t, 0);
    }

    private static float[] array(Map<String, float[]> scene, String name) {
        return Optional.ofNullable(scene.get(name)).orElseThrow(() -> new AssertionError("no " + name + " among " + scene.keySet()));
    }

    @Test
    void onThePlaneDIsSeenEverywhereAndArrowsPointWhereGsLossFalls() {
        var scene = play("ring");
        float[] side = array(scene, "side");
        float[] field = array(scene, "logits");
        for (int row = 0; row < side.length; row += 9) {
            for (int column = 0; column < side.length; column += 9) {
                assertEquals(logit(side[column], side[row]), field[row * side.length + column], 1e-4);
            }
        }
        float[] fakes = array(scene, "fakes");
        float[] push = array(scene, "push");
        for (int i = 0; i < COUNT; i++) {
            double x = fakes[2 * i];
            double y = fakes[2 * i + 1];
            assertEquals(logit(x, y), array(scene, "fakeLogits")[i], 1e-4);
            // −∂/∂x softplus(−D(x))
            double across = (softplus(-logit(x - EPSILON, y)) - softplus(-logit(x + EPSILON, y))) / (2 * EPSILON);
            double up = (softplus(-logit(x, y - EPSILON)) - softplus(-logit(x, y + EPSILON))) / (2 * EPSILON);
            assertEquals(across, push[2 * i], 1e-3);
            assertEquals(up, push[2 * i + 1], 1e-3);
            assertEquals(logit(reals[2 * i], reals[2 * i + 1]), array(scene, "realLogits")[i], 1e-4);
        }
        float[] manifold = array(scene, "manifold");
        double[] corner = plain(generator, -2.5, -2.5);
        assertEquals(corner[0], manifold[0], 1e-4);
        assertEquals(corner[1], manifold[1], 1e-4);
        double[] middle = plain(generator, 0, 0);
        assertEquals(middle[0], manifold[manifold.length / 2 - 1], 1e-4);
    }

    /// Of latents with more numbers than a page has directions, a slice is shown, and said to be one.
    @Test
    void latentsOfMoreDimensionsAreSliced() {
        var plane = play("ring", "latent.size=4");
        assertEquals(2, array(plane, "slice")[0]);
        double[] corner = plain(generator, -2.5, -2.5, 0, 0);
        assertEquals(corner[0], array(plane, "manifold")[0], 1e-4);
        assertEquals(corner[1], array(plane, "manifold")[1], 1e-4);
        var line = play("gaussian", "latent.size=8");
        assertEquals(7, array(line, "slice")[0]);
        assertEquals(plain(generator, array(line, "z")[3], 0, 0, 0, 0, 0, 0, 0)[0], array(line, "gz")[3], 1e-4);
        assertFalse(play("ring").containsKey("slice"), "all of z is shown");
    }

    /// Number i is of class i mod K: W and the weights of the classes are one matrix, so a class is more inputs.
    @Test
    void whereTheGameKnowsClassesEachSampleIsJudgedAsOfItsOwn() {
        var scene = play("ring", "generator.layers=dense 6 classes 8 leaky-relu, output",
                "discriminator.layers=dense 6 classes 8 leaky-relu, output");
        float[] fakes = array(scene, "fakes");
        for (int i = 0; i < COUNT; i++) {
            double[] fake = new double[10];
            double[] real = new double[10];
            for (int axis = 0; axis < 2; axis++) {
                fake[axis] = fakes[2 * i + axis];
                real[axis] = reals[2 * i + axis];
            }
            fake[2 + i % 8] = 1;
            real[2 + i % 8] = 1;
            assertEquals(plain(discriminator, fake)[0], array(scene, "fakeLogits")[i], 1e-4);
            assertEquals(plain(discriminator, real)[0], array(scene, "realLogits")[i], 1e-4);
        }
        assertEquals(plain(generator, -2.5, -2.5, 1, 0, 0, 0, 0, 0, 0, 0)[0], array(scene, "manifold")[0], 1e-4, "of the first class");
    }

    @Test
    void onTheLineItIsThePapersFigure() {
        var scene = play("gaussian");
        float[] x = array(scene, "x");
        float[] data = array(scene, "data");
        float[] generated = array(scene, "generated");
        double step = x[1] - x[0];
        double total = 0;
        for (int i = 0; i < x.length; i++) {
            double exact = 0;
            for (double centre : new double[] {-2, 2}) {
                exact += 0.5 * Math.exp(-0.5 * Math.pow((x[i] - centre) / config.data().deviation(), 2)) / config.data().deviation()
                        / Math.sqrt(2 * Math.PI);
            }
            assertEquals(exact, data[i], 1e-5, "p_data");
            assertEquals(logit(x[i]), array(scene, "logits")[i], 1e-4, "D");
            total += generated[i] * step;
            double share = exact / (exact + generated[i]);
            if (share > 1e-3 && share < 1 - 1e-3) {
                assertEquals(share, 1 / (1 + Math.exp(-array(scene, "best")[i])), 1e-4, "D*");
            }
        }
        assertTrue(total > 0.5 && total < 1.01, "a density, of which some may lie outside: " + total);
        float[] z = array(scene, "z");
        for (int i = 0; i < z.length; i++) {
            assertEquals(plain(generator, z[i])[0], array(scene, "gz")[i], 1e-4, "z to x");
        }
    }

    /// As if each fake were alone with its own real; the mean of D's logits of reals is what the average ones are measured against.
    @ParameterizedTest
    @ValueSource(strings = {"minimax", "least-squares", "wasserstein", "hinge", "relativistic"})
    void arrowsFollowTheObjective(String objective) {
        var scene = play("ring", "game.objective=" + objective, "data.modes=4");
        float[] fakes = array(scene, "fakes");
        float[] push = array(scene, "push");
        for (int i = 0; i < COUNT; i++) {
            double real = logit(reals[2 * i], reals[2 * i + 1]);
            double y = fakes[2 * i + 1];
            double across = (loss(objective, logit(fakes[2 * i] - EPSILON, y), real) - loss(objective, logit(fakes[2 * i] + EPSILON, y), real))
                    / (2 * EPSILON);
            assertEquals(across, push[2 * i], 2e-3, objective);
        }
        assertEquals(!objective.equals("wasserstein"), BestDiscriminator.of(config.game()).isPresent());
    }

    private static double loss(String objective, double fake, double real) {
        return switch (objective) {
            case "minimax" -> -softplus(fake);
            case "least-squares" -> 0.5 * (fake - 1) * (fake - 1);
            case "wasserstein", "hinge" -> -fake;
            default -> softplus(real - fake);
        };
    }

    @Test
    void imagesAreSentTheGradientOfEveryPixel() {
        var scene = play("digits", "data.size=50");
        float[] push = array(scene, "push");
        assertEquals(COUNT * 28 * 28, push.length);
        float most = 0;
        for (float value : push) {
            most = Math.max(most, Math.abs(value));
        }
        assertTrue(most > 0);
        assertFalse(scene.containsKey("fakes"), "the picture shows them");
        assertEquals(COUNT, array(scene, "fakeLogits").length);
    }
}
