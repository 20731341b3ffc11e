package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Condition;
import dev.vertigan.values.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The turn in which something came to be so is the one that judging after every turn finds.
class BisectionTest {

    private static final long STEPS = 60;

    @TempDir
    private Path temp;

    /// The samples' mean distance from the origin.
    private static Map<Metric, Double> distance(Replay replay) {
        float[] samples = replay.samples();
        double sum = 0;
        for (int i = 0; i < samples.length; i += 2) {
            sum += Math.hypot(samples[i], samples[i + 1]);
        }
        return Map.of(Metric.SPREAD, sum / samples.length * 2);
    }

    @Test
    void itIsTheTurnThatJudgingAfterEveryTurnFinds() throws Exception {
        var path = temp.resolve("run");
        try (var run = new Running(path, Runs.ring(STEPS)).start()) {
            run.hash();
        }
        var config = Replay.config(path);
        try (var kernels = Backend.open(config.compute().kernels(), 1)) {
            var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
            var truth = new ArrayList<Double>(); // after every turn
            var walk = new Replay(path, dataset, kernels);
            for (long step = 0; step <= STEPS; step++) {
                walk.to(step, Replay.Watch.NONE);
                truth.add(distance(walk).get(Metric.SPREAD));
            }
            Files.delete(path.resolve("checkpoints/step-000000030.safetensors")); // a wider window
            assertEquals(List.of(0L, 15L, 45L, STEPS), List.copyOf(RunReader.checkpointSteps(path)));
            for (int[] window : new int[][] {{0, 15}, {15, 45}, {45, (int) STEPS}}) {
                double from = truth.get(window[0]);
                double to = truth.get(window[1]);
                double between = (from + to) / 2;
                Predicate<Map<Metric, Double>> condition = figures -> to > from ? figures.get(Metric.SPREAD) > between
                        : figures.get(Metric.SPREAD) < between;
                long expected = window[0] + 1L;
                while (!condition.test(Map.of(Metric.SPREAD, truth.get((int) expected)))) {
                    expected++;
                }
                var found = new Bisection(new Replay(path, dataset, kernels), BisectionTest::distance, condition)
                        .find(window[0], window[1], Bisection.Listener.NONE).orElseThrow();
                assertEquals(new Bisection.Found(expected, Map.of(Metric.SPREAD, truth.get((int) expected - 1)),
                        Map.of(Metric.SPREAD, truth.get((int) expected))), found);
            }
            assertEquals(Optional.empty(), new Bisection(walk, BisectionTest::distance, _ -> true).find(0, STEPS, Bisection.Listener.NONE),
                    "it never came to be so");
        }
    }

    @Test
    void conditionsCompareAMetricWithANumber() {
        assertEquals(Optional.of(new Condition(Metric.MODES, Condition.Comparison.LESS, 6)), Condition.read("modes < 6"));
        assertEquals(Optional.of(new Condition(Metric.LOSS_D, Condition.Comparison.AT_LEAST, -1.5e-3)), Condition.read("lossD>=-1.5e-3"));
        for (var wrong : List.of("", "modes", "modes < ", "mode < 6", "modes = 6", "modes < 6e", "6 < modes", "modes < 6 and more")) {
            assertEquals(Optional.empty(), Condition.read(wrong), wrong);
        }
        var few = Condition.read("modes <= 2").orElseThrow();
        assertTrue(few.test(Map.of(Metric.MODES, 2.0)) && !few.test(Map.of(Metric.MODES, 3.0)));
        assertTrue(!few.test(Map.of()) && !few.test(Map.of(Metric.MODES, Double.NaN)), "what was not measured is not so");
    }
}
