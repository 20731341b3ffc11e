package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.SavedDiscriminator;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The data are N(±2, ½), G makes the one at 2 alone, and D tells nothing apart.
class ContestTest {

    private static final Shape SAMPLE = Shape.of(1);

    private final TreeMap<String, Tensor> tensors = new TreeMap<>();

    /// Then the mean distance of ½ from p/(p + q) is half the total variation between p and q, which is half that between the two modes; and both
    /// are as wide as the noise makes them.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 2})
    void allIsSeenThroughTheNoise(double noise) {
        double deviation = Math.hypot(0.5, noise);
        double betweenModes = Erf.erf(2 / deviation / Math.sqrt(2));
        assertEquals(betweenModes / 4, figures(noise).get(Metric.GAP_TO_BEST), 0.01);
    }

    private Map<Metric, Double> figures(double noise) {
        var config = new ConfigLoader().load("gaussian", Optional.empty(),
                Stream.of("generator.layers=output", "discriminator.layers=output", "latent.size=1", "game.objective=non-saturating",
                        "game.instanceNoise=" + noise, "compute.threads=1").map(Assignment::parse).toList());
        try (var kernels = Backend.open(config.compute())) {
            take("generator.", generator(config, kernels), 0.5, 2);
            take("discriminator.", new SavedDiscriminator(config, SAMPLE, kernels).network(), 0, 0);
            return Contest.of(config, kernels).orElseThrow().figures(new PlayerState(10, tensors));
        }
    }

    private static Network generator(RunConfig config, Kernels kernels) {
        return Sampler.ofFixedLatents(config, SAMPLE, 0, kernels).network();
    }

    /// Of a network x ↦ wx + b.
    private void take(String player, Network network, double weight, double bias) {
        network.weights().views().forEach((name, tensor) -> {
            tensor.set(0, name.endsWith("bias") ? bias : weight);
            tensors.put(player + name, tensor);
        });
    }
}
