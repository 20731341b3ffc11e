package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunReader;
import dev.vertigan.values.Command;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestCheckpointTest {

    @TempDir
    Path temp;

    private static Report report(long step, double quality) {
        return new Report(step, 0, Map.of(Metric.HIGH_QUALITY, quality));
    }

    @Test
    void onlyBetterSamplesAreWorthACheckpointAndNotTooOften() {
        RunConfig config = Runs.evaluating(Runs.ring(0)); // a checkpoint every 15 turns
        assertEquals(Choice.Best.HIGH_QUALITY, config.evaluation().best());
        var best = new BestCheckpoint(config, List.of());
        assertTrue(best.see(report(10, 0.5)).isPresent(), "the first");
        assertFalse(best.see(report(20, 0.9)).isPresent(), "too soon");
        assertTrue(best.see(report(30, 0.7)).isPresent());
        assertFalse(best.see(report(60, 0.7)).isPresent(), "no better");
        assertFalse(best.see(report(70, Double.NaN)).isPresent());
        assertFalse(best.see(new Report(80, 0, Map.of())).isPresent(), "nothing measured");
        assertFalse(new BestCheckpoint(Runs.ring(0), List.of()).see(report(10, 1)).isPresent(), "nobody asked for it");
    }

    /// It is journalled after it is written, outlives newer ones, and a later process knows its value.
    @Test
    void itIsKeptBesideTheNewest() {
        var path = temp.resolve("run");
        var config = Runs.evaluating(Runs.ring(0));
        try (var run = new Runs.Running(path, config).startAtRest()) {
            do {
                run.ask(new Command.Step(20));
            } while (run.folder().journal().count(Journal.Kind.BEST) == 0);
            run.ask(new Command.Step(100));
        }
        var kept = RunReader.journal(path).stream().filter(entry -> entry.kind() == Journal.Kind.BEST).toList().getLast();
        double value = kept.details().path("value").asDouble();
        assertTrue(value > 0 && value <= 1, kept.toString());
        assertTrue(RunReader.checkpointSteps(path).contains(kept.step()), "it is still there");
        assertFalse(new BestCheckpoint(config, RunReader.journal(path)).see(report(1_000_000, value)).isPresent(), "no better");
        assertTrue(new BestCheckpoint(config, RunReader.journal(path)).see(report(1_000_000, 2)).isPresent());
    }
}
