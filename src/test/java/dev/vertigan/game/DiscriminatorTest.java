package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiscriminatorTest {

    @Test
    void anObjectiveItDoesNotKnowIsRefusedAndNotTrainedAsAnother() {
        var known = new ConfigLoader().load("ring", Optional.empty(), List.of());
        var game = known.game();
        var unknown = new RunConfig(known.seed(), known.steps(), known.batch(), known.data(), known.latent(), known.generator(),
                known.discriminator(), known.emaDecay(),
                new RunConfig.Game("no-such", game.schedule(), game.discriminatorSteps(), game.realLabel(), game.instanceNoise()), known.report(),
                known.samples(), known.checkpoint(), known.compute(), known.dashboard());
        try (var kernels = Kernels.create("simd", 1)) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> new Discriminator(unknown, Shape.of(2), 1_000, kernels));
            assertEquals("game.objective: expected minimax or non-saturating, found no-such", refusal.getMessage());
        }
    }
}
