package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Finding;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each fires on a provoked case, once, and not on a game that is well.
class DetectorsTest {

    private final Detectors detectors = new Detectors(8);
    private final List<Finding> found = new ArrayList<>();

    private void see(long step, Map<Metric, Double> values) {
        found.addAll(detectors.see(new Report(step, 0, values)));
    }

    private void evaluated(long step, double modes, double quality) {
        see(step, Map.of(Metric.MODES, modes, Metric.HIGH_QUALITY, quality, Metric.EVALUATED_STEP, step - 3.0));
    }

    private void scores(long from, long to, double real, double fake) {
        for (long step = from; step < to; step += 10) {
            see(step, Map.of(Metric.SCORE_REAL, real, Metric.SCORE_FAKE, fake));
        }
    }

    private List<Finding.Kind> kinds() {
        return found.stream().map(Finding::kind).toList();
    }

    @Test
    void lostModesAreToldAtTheSecondEvaluationAndOnce() {
        evaluated(100, 8, 0.1);
        evaluated(120, 4, 0.1);
        evaluated(140, 4, 0.5);
        evaluated(200, 8, 0.9);
        evaluated(300, 6, 0.9);
        evaluated(12_400, 3, 0.9);
        assertEquals(List.of(), found, "one evaluation is no loss");
        evaluated(12_500, 3, 0.9);
        evaluated(12_600, 2, 0.9);
        assertEquals(List.of(Finding.Kind.MODES_LOST), kinds());
        assertEquals("Helvetica scenario: 3 of 8 modes since turn 12,397", found.getFirst().message());
        evaluated(12_700, 8, 0.9);
        evaluated(12_800, 1, 0.9);
        evaluated(12_900, 1, 0.9);
        assertEquals(2, found.size(), "again, as it had passed");
        evaluated(50, 1, 0.9);
        evaluated(60, 1, 0.9);
        assertEquals(2, found.size(), "after a step back nothing is lost yet");
    }

    @Test
    void anOverpoweringDiscriminatorIsToldOnce() {
        scores(10, 2000, 0.99, 0.01);
        assertEquals(List.of(), found, "not yet");
        scores(2000, 4000, 0.99, 0.01);
        assertEquals(List.of(Finding.Kind.DISCRIMINATOR_OVERPOWERS), kinds());
        assertTrue(found.getFirst().message().contains("since turn 10"), found.getFirst().message());
    }

    @Test
    void evenScoresAreIgnoranceOnlyWhileSamplesAreBad() {
        scores(10, 3000, 0.5, 0.495);
        assertEquals(List.of(), found, "nobody has looked at the samples");
        evaluated(3000, 8, 0.98);
        scores(3010, 6000, 0.5, 0.495);
        assertEquals(List.of(), found, "that is the equilibrium");
        evaluated(6000, 8, 0.1);
        scores(6010, 9000, 0.5, 0.495);
        assertEquals(List.of(Finding.Kind.DISCRIMINATOR_IGNORANT), kinds());
    }

    @Test
    void aPlateauIsToldAfterItsTurns() {
        for (long step = 0; step <= 45_000; step += 500) {
            evaluated(step, 8, Math.min(0.9, 0.5 + step / 50_000.0));
        }
        assertEquals(List.of(Finding.Kind.PLATEAU), kinds());
        evaluated(46_000, 8, 0.95);
        assertEquals(1, found.size());
    }

    /// Scores that wander, and figures that improve with noise.
    @Test
    void aHealthyGameHasNoFindings() {
        for (long step = 10; step < 60_000; step += 10) {
            see(step, Map.of(Metric.SCORE_REAL, 0.6 + 0.3 * Math.sin(step / 700.0), Metric.SCORE_FAKE, 0.4 + 0.2 * Math.cos(step / 900.0)));
            if (step % 500 == 0) {
                evaluated(step + 1, step < 3000 ? step / 500.0 : 7 + step / 500 % 2, 0.3 + step / 100_000.0 + 0.02 * Math.sin(step));
            }
        }
        assertEquals(List.of(), found);
    }
}
