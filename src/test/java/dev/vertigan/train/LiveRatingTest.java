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
import dev.vertigan.nn.Size;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rating says whether a run has stopped improving.
class LiveRatingTest {

    private static final Shape SAMPLE = Shape.of(1);

    @TempDir
    Path temp;

    /// Two linear players on the line turn in circles of 2π / rate turns (Mescheder et al. 2018, lemma 2.3): G is furthest from the data after a
    /// quarter, 78 turns, and has come back after a half, 157.
    private static RunConfig circling(String... more) {
        var config = Runs.with(Runs.ring(150), "data.name=gaussian", "data.modes=1", "latent.size=1", "generator.layers=output",
                "discriminator.layers=output", "game.objective=wasserstein", "generator.optimiser.name=sgd", "discriminator.optimiser.name=sgd",
                "generator.optimiser.rate=0.02", "discriminator.optimiser.rate=0.02", "emaDecay=0", "checkpoint.every=30", "checkpoint.keep=1000",
                "evaluation.rating=2");
        return Runs.with(config, more);
    }

    private Path played(RunConfig config) {
        var path = temp.resolve("run-" + config.generator().optimiser().rate().at(0, 1));
        try (var run = new Running(path, config).start()) {
            run.hash();
        }
        return path;
    }

    /// As it was told at the last of those steps of a run.
    private static Map<Metric, Double> rated(Path run, RunConfig config, long... steps) {
        try (var kernels = Backend.open(config.compute().kernels(), 1)) {
            var rating = rating(run, config, kernels);
            var figures = Map.<Metric, Double>of();
            for (long step : steps) {
                figures = figures(rating, run, config, step, kernels);
            }
            return figures;
        }
    }

    private static LiveRating rating(Path run, RunConfig config, Kernels kernels) {
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        return LiveRating.of(run, config, () -> dataset, kernels).orElseThrow();
    }

    private static Map<Metric, Double> figures(LiveRating rating, Path run, RunConfig config, long step, Kernels kernels) {
        var sampler = Sampler.ofFixedLatents(config, SAMPLE, 0, kernels);
        var state = new PlayerState(step, RunReader.at(run, step).tensors());
        sampler.load(state, true);
        var d = new SavedDiscriminator(config, SAMPLE, state, kernels).network();
        var flat = new PlayerWeights(d.weights().flat(), d.statistics().flat());
        return rating.figures(step, sampler, new Opponents(flat, flat, config.game()), Patience.ENDLESS);
    }

    @Test
    void itIsHighWhileGImprovesAndNothingWhereGStandsStill() {
        var config = circling();
        var run = played(config);
        double gain = rated(run, config, 150).get(Metric.RATING_GAIN);
        assertTrue(gain > 20, "on its way back: " + gain);
        assertEquals(gain, rated(run, config, 60, 120, 150).get(Metric.RATING_GAIN), 1e-6, "whatever was rated before");
        assertEquals(Map.of(), rated(run, config, 30), "there is no other yet");

        var frozen = circling("generator.optimiser.rate=1e-12");
        assertEquals(0, rated(played(frozen), frozen, 150).get(Metric.RATING_GAIN), 1, "D learns, G does not");
    }

    /// D of a width that counts, two kept rivals against four.
    @Test
    void whatRivalsTakeIsKnownBefore() {
        var path = played(wide(1));
        double taken = Float.BYTES * (held(path, wide(4)) - held(path, wide(2)));
        assertEquals(taken, bytes(wide(4)) - bytes(wide(2)), taken / 100);
        assertTrue(held(path, wide(2)) > 2 * 1_000);
        assertEquals(0, bytes(wide(0)));
        assertEquals(0, LiveRating.bytes(Runs.with(wide(4), "evaluation.share=0"), new Size(2, 0, 0), new Size(3_001, 0, 0), SAMPLE),
                "nothing is rated");
    }

    private static RunConfig wide(int rating) {
        return circling("discriminator.layers=dense 1000 relu, output", "generator.optimiser.rate=1e-12", "discriminator.optimiser.rate=1e-12",
                "evaluation.rating=" + rating);
    }

    private static double bytes(RunConfig config) {
        return LiveRating.bytes(Runs.with(config, "evaluation.share=0.05"), new Size(2, 0, 0), new Size(3_001, 0, 0), SAMPLE);
    }

    private static long held(Path run, RunConfig config) {
        try (var kernels = Backend.open(config.compute().kernels(), 1)) {
            var rating = rating(run, config, kernels);
            figures(rating, run, config, 150, kernels);
            return rating.held();
        }
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
