package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bus.StateRequest.Opponents;
import dev.vertigan.bus.StateRequest.PlayerWeights;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.game.SavedDiscriminator;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rating says whether a run has stopped improving.
class LiveRatingTest {

    private static final Shape SAMPLE = Shape.of(2);

    @TempDir
    Path temp;

    private static RunConfig ring(long steps, String... more) {
        var config = Runs.with(Runs.ring(steps), "checkpoint.every=20", "checkpoint.keep=1000", "generator.optimiser.rate=3e-3",
                "discriminator.optimiser.rate=3e-3", "evaluation.rating=3");
        return Runs.with(config, more);
    }

    private Path played(RunConfig config) {
        var path = temp.resolve("run-" + config.generator().optimiser().rate().at(0, 1));
        try (var run = new Running(path, config).start()) {
            run.hash();
        }
        return path;
    }

    /// As it was told at that step of a run.
    private static Map<Metric, Double> rated(Path run, RunConfig config, long... steps) {
        try (var kernels = Backend.open(config.compute().kernels(), 1)) {
            var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
            var rating = LiveRating.of(run, config, () -> dataset, kernels).orElseThrow();
            var sampler = Sampler.ofFixedLatents(config, SAMPLE, 0, kernels);
            var figures = Map.<Metric, Double>of();
            for (long step : steps) {
                var state = new PlayerState(step, RunReader.at(run, step).tensors());
                sampler.load(state, true);
                var d = new SavedDiscriminator(config, SAMPLE, state, kernels).network();
                var flat = new PlayerWeights(d.weights().flat(), d.statistics().flat());
                figures = rating.figures(step, sampler, new Opponents(flat, flat, config.game()), Patience.ENDLESS);
            }
            return figures;
        }
    }

    private static void forget(Path run, long from, long to) throws IOException {
        for (var file : RunReader.checkpointFiles(run).subMap(from, to).values()) {
            Files.delete(file);
        }
    }

    @Test
    void itIsHighWhileGImprovesAndNothingWhereGStandsStill() throws IOException {
        var config = ring(400);
        var run = played(config);
        double last = rated(run, config, 400).get(Metric.RATING_GAIN);
        assertEquals(last, rated(run, config, 300, 360, 400).get(Metric.RATING_GAIN), 1e-6, "whatever was rated before");
        assertEquals(Map.of(), rated(run, config, 20), "there is no other yet");
        forget(run, 41, 400);
        double gain = rated(run, config, 400).get(Metric.RATING_GAIN);
        assertTrue(gain > 50, "since its beginning G has improved by " + gain);

        var frozen = ring(400, "generator.optimiser.rate=1e-12");
        assertEquals(0, rated(played(frozen), frozen, 400).get(Metric.RATING_GAIN), 1, "D learns, G does not");
    }

    @Test
    void itIsReportedUnlessItIsNotWanted() {
        var config = Runs.evaluating(Runs.ring(0));
        var path = temp.resolve("run");
        try (var run = new Running(path, config).startAtRest()) {
            do {
                assertTrue(run.ask(new Command.Step(20)).step() < 20_000, "never");
            } while (RunReader.history(path, 0, Long.MAX_VALUE, 10_000).stream().noneMatch(report -> report.value(Metric.RATING_GAIN).isPresent()));
        }
        var report = RunReader.history(path, 0, Long.MAX_VALUE, 10_000).stream().filter(each -> each.value(Metric.RATING_GAIN).isPresent())
                .findFirst()
                .orElseThrow();
        double share = report.value(Metric.EVALUATION_SHARE).orElseThrow();
        assertTrue(share > 0 && share <= 1 && report.value(Metric.EVALUATION_SECONDS).orElseThrow() > 0, report::toString);
        assertTrue(LiveRating.possible(config));
        assertTrue(!LiveRating.possible(Runs.with(config, "evaluation.rating=0")));
    }
}
