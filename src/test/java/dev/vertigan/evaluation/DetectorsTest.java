package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Finding;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
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
        scores(4000, 8000, 0.97, 0.04);
        assertEquals(List.of(), detectors.standing(), "0.93 is wide, but not overpowering");
    }

    @Test
    void evenScoresAreIgnoranceOnlyWhileSamplesAreBad() {
        scores(10, 3000, 0.5, 0.495);
        assertEquals(List.of(), found, "nobody has looked at the samples");
        evaluated(3000, 8, 0.98);
        scores(3010, 6000, 0.5, 0.495);
        assertEquals(List.of(), found, "that is the equilibrium");
        detectors.wentBack(5_000);
        for (int i = 0; i < 6; i++) { // RpGAN with penalties learns while D can but guess
            evaluated(6000 + 1000 * i, 8, 0.1 * i);
            scores(6010 + 1000 * i, 7000 + 1000 * i, 0.5, 0.495);
        }
        assertEquals(List.of(), found, "they get better");
        detectors.wentBack(5_000);
        evaluated(6000, 8, 0.1);
        scores(6010, 9000, 0.5, 0.495);
        assertEquals(List.of(), found, "nobody has looked since");
        evaluated(9000, 8, 0.1);
        scores(9010, 9020, 0.5, 0.495);
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
        for (long step = 46_500; step <= 67_000; step += 500) {
            evaluated(step, 8, 0.95 + (step - 46_000) / 1e7);
        }
        assertEquals(2, found.size(), "less than 1 % is no improvement");
    }

    @Test
    void anOscillationIsToldByItsPeriodAndOnce() {
        var random = new Random(1);
        for (long step = 10; step <= 20_000; step += 10) {
            double swing = step < 4000 ? 0 : 0.1 * Math.sin(2 * Math.PI * step / 730) + 0.03 * random.nextGaussian();
            see(step, Map.of(Metric.SCORE_REAL, 0.6 + swing / 2, Metric.SCORE_FAKE, 0.5 - swing / 2));
        }
        assertEquals(List.of(Finding.Kind.OSCILLATION), kinds());
        var named = Pattern.compile("with a period of (\\d+) turns").matcher(found.getFirst().message());
        assertTrue(named.find() && Math.abs(Integer.parseInt(named.group(1)) - 730) < 15, found.getFirst().message());
        assertEquals(found, detectors.standing());
    }

    private void swings(double amplitude, long... gaps) {
        long step = 0;
        for (int i = 0; i < 2_000; i++) {
            step += gaps[i % gaps.length];
            see(step, Map.of(Metric.SCORE_REAL, 0.5 + amplitude * Math.sin(2 * Math.PI * i / 20), Metric.SCORE_FAKE, 0.4));
        }
    }

    @Test
    void smallSwingsAreNone() {
        swings(0.03, 10);
        assertEquals(List.of(), found);
        detectors.wentBack(0);
        swings(0.07, 10);
        assertEquals(List.of(Finding.Kind.OSCILLATION), kinds());
    }

    /// Wider looks see the same swings again, long after.
    @Test
    void oneBurstOfSwingsIsToldOnce() {
        var random = new Random(1);
        for (int i = 0; i < 2_500; i++) {
            double swing = i > 100 && i < 500 ? 0.2 * Math.sin(2 * Math.PI * i / 20) : 0.001 * random.nextGaussian();
            see(10 * i, Map.of(Metric.SCORE_REAL, 0.5 + swing, Metric.SCORE_FAKE, 0.4));
        }
        assertEquals(List.of(Finding.Kind.OSCILLATION), kinds());
        assertEquals(List.of(), detectors.standing(), "it has passed");
    }

    /// Of such reports no period in turns can be named.
    @Test
    void unevenReportsHaveNoPeriod() {
        swings(0.2, 10, 20);
        assertEquals(List.of(), found);
    }

    /// Noise, with and without memory.
    @Test
    void whatOnlyWandersHasNoPeriod() {
        for (double memory : new double[] {0, 0.5, 0.9, 0.97}) {
            for (int seed = 0; seed < 25; seed++) {
                var random = new Random(seed);
                double gap = 0;
                long step = seed * 1_000_000L;
                for (int i = 0; i < 3_000; i++) {
                    gap = memory * gap + 0.1 * random.nextGaussian();
                    step += 10;
                    see(step, Map.of(Metric.SCORE_REAL, gap, Metric.SCORE_FAKE, 0.0));
                }
            }
        }
        found.removeIf(finding -> finding.kind() != Finding.Kind.OSCILLATION);
        assertEquals(List.of(), found);
    }

    @Test
    void copiesOfTrainingSamplesAreToldAtTheSecondEvaluation() {
        long step = 100_000;
        for (double nearness : new double[] {1.02, 0.8, 0.4, 0.9, 0.45, 0.44, 0.2}) {
            see(++step, Map.of(Metric.NEARNESS, nearness));
        }
        assertEquals(List.of(Finding.Kind.MEMORISATION), kinds());
        assertEquals(100_006, found.getFirst().step());
    }

    @Test
    void afterAStepBackItKnowsHowManyModesThereWere() {
        evaluated(1000, 8, 0.9);
        evaluated(2000, 8, 0.9);
        evaluated(3000, 3, 0.9);
        evaluated(4000, 3, 0.9);
        assertEquals(1_997, detectors.lastGood());
        detectors.wentBack(1500);
        assertEquals(List.of(), detectors.standing());
        evaluated(1600, 3, 0.9);
        evaluated(1700, 3, 0.9);
        assertEquals(List.of(Finding.Kind.MODES_LOST, Finding.Kind.MODES_LOST), kinds());
        assertEquals(1_499, detectors.lastGood(), "it had been at fault before");
        evaluated(1800, 8, 0.9);
        assertEquals(1_797, detectors.lastGood());
    }

    /// Scores that wander, and figures that improve with noise.
    @Test
    void aHealthyGameHasNoFindings() {
        var random = new Random(1);
        double gap = 0.2;
        for (long step = 10; step < 60_000; step += 10) {
            gap += 0.02 * (0.2 - gap) + 0.03 * random.nextGaussian();
            see(step, Map.of(Metric.SCORE_REAL, 0.5 + gap / 2, Metric.SCORE_FAKE, 0.5 - gap / 2));
            if (step % 500 == 0) {
                evaluated(step + 1, step < 3000 ? step / 500.0 : 7 + step / 500 % 2, 0.3 + step / 100_000.0 + 0.02 * Math.sin(step));
            }
        }
        assertEquals(List.of(), found);
    }
}
