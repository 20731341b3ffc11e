package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.run.Safetensors;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.nd4j.DeviceKernels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole runs on ND4J's operations: they are the runs of the other kernels but for rounding, the same
/// each time, and the same where ND4J's memory is apart from the host's.
class Nd4jRunTest {

    private static final long STEPS = 6;
    private static final double EPSILON = 1e-3;
    private static final double TOLERANCE = 1e-3; // of a tensor's root mean square: float's rounding, some hundred operations on

    /// With an epsilon of the gradients' size, or Adam makes the rounding of gradients that should be 0 into whole steps.
    static List<RunConfig> variety() {
        return Runs.variety(STEPS).stream()
                .map(config -> new RunConfig(config.seed(), config.steps(), config.batch(), config.shards(), config.data(), config.latent(),
                        calm(config.generator()), calm(config.discriminator()), config.emaDecay(), config.emaHalfLife(), config.game(),
                        config.report(), config.samples(),
                        config.checkpoint(), config.compute(), config.dashboard(), config.metrics(), config.log(), config.webhook(),
                        config.evaluation()))
                .toList();
    }

    private static RunConfig.Player calm(RunConfig.Player player) {
        var was = player.optimiser();
        return new RunConfig.Player(player.layers(), player.spectralNorm(), player.init(),
                new RunConfig.Optimiser(was.name(), was.rate(), was.rateDecay(), was.minRate(),
                        was.momentum(), was.finalMomentum(), was.momentumEpochs(), was.beta1(), was.beta2(), EPSILON, was.clip()));
    }

    static SortedMap<String, Tensor> play(RunConfig config, Supplier<Kernels> choice) {
        try (var kernels = choice.get()) {
            return Runs.plain(config, kernels);
        }
    }

    @ParameterizedTest
    @MethodSource("variety")
    void itIsTheSimdRunButForRoundingAndTheSameAgainWithADevicesMemory(RunConfig config) {
        var found = play(config, () -> Backend.open(Choice.Kernels.ND4J, 2));
        assertTheSimdRunButForRounding(config, found);
        assertEquals(Safetensors.sha256(found), Safetensors.sha256(play(config, DeviceKernels::create)), "with memory apart");
    }

    static void assertTheSimdRunButForRounding(RunConfig config, SortedMap<String, Tensor> found) {
        var expected = play(config, () -> Backend.open(Choice.Kernels.SIMD, 2));
        assertEquals(expected.keySet(), found.keySet());
        var noise = noise(config);
        for (var name : expected.keySet()) {
            if (!noise.contains(name.replaceFirst("\\.(ema|m|v|velocity|spectral)\\.", "."))) {
                double distance = distance(expected.get(name), found.get(name));
                assertTrue(distance <= TOLERANCE, "%s: expected a distance of at most %s, found %s".formatted(name, TOLERANCE, distance));
            }
        }
    }

    /// The root mean square of the difference over that of the values.
    private static double distance(Tensor expected, Tensor found) {
        double difference = 0;
        double size = 0;
        for (long i = 0; i < expected.size(); i++) {
            difference += Math.pow(found.get(i) - expected.get(i), 2);
            size += Math.pow(expected.get(i), 2);
        }
        return difference == 0 ? 0 : Math.sqrt(difference / size);
    }

    /// Batch norm takes away whatever is added to all of a channel, so the bias before it learns from nothing but rounding; and what is added to
    /// all logits is no difference between a real and a fake, so to relativistic objectives D's last bias is of no account.
    private static Set<String> noise(RunConfig config) {
        var names = new HashSet<String>();
        Map.of("generator", config.generator(), "discriminator", config.discriminator()).forEach((name, player) -> {
            var layers = player.layers();
            for (int i = 0; i < layers.size(); i++) {
                if (layers.get(i).startsWith("batch-norm")) {
                    names.add("%s.%d.bias".formatted(name, layers.get(i - 1).startsWith("reshape") ? i - 2 : i - 1));
                }
            }
        });
        if (config.game().objective() == Choice.Objective.RELATIVISTIC) {
            names.add("discriminator.%d.bias".formatted(config.discriminator().layers().size() - 1));
        }
        return names;
    }
}
