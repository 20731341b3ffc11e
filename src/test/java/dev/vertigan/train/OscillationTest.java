package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.evaluation.Detectors;
import dev.vertigan.game.PlainGame;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Report;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A game that is known to turn in circles, with the period that theory has: two linear players on the line (Mescheder et al. 2018, lemma 2.3).
class OscillationTest {

    private static final double RATE = 0.02;

    @Test
    void theDetectorNamesThePeriodOfAGameThatTurnsInCircles() {
        String rate = String.valueOf(RATE);
        var config = Runs.with(Runs.ring(0), "data.name=gaussian", "data.modes=1", "latent.size=1", "generator.layers=output",
                "discriminator.layers=output", "game.objective=wasserstein", "generator.optimiser.name=sgd", "discriminator.optimiser.name=sgd",
                "generator.optimiser.rate=" + rate, "discriminator.optimiser.rate=" + rate);
        var detectors = new Detectors(1);
        var found = new ArrayList<Finding>();
        try (var kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
            var game = new PlainGame(config, dataset, Trainer.marginals(config, dataset), kernels);
            for (int step = 1; step <= 2_500; step++) {
                found.addAll(detectors.see(new Report(step, 0, game.playMeasured())));
            }
        }
        assertEquals(1, found.stream().filter(finding -> finding.kind() == Finding.Kind.OSCILLATION).count(), found::toString);
        var named = Pattern.compile("with a period of (\\d+) turns").matcher(found.getFirst().message());
        assertTrue(named.find(), found::toString);
        // The players turn once in 2π / rate turns, and the difference of D's means is a product of both: sin · cos, of twice their frequency.
        assertEquals(Math.PI / RATE, Integer.parseInt(named.group(1)), 0.05 * Math.PI / RATE);
    }
}
