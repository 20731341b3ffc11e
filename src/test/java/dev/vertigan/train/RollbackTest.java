package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that goes back goes on by other random numbers, and is as exact as before.
class RollbackTest {

    private static final long STEPS = 60;
    private static final Command.RollBack BACK = new Command.RollBack(35, "a test");

    @TempDir
    private Path temp;

    /// On the bus, in the plain loop, left and resumed, killed and resumed, and replayed.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10}) // without classes, with shards and dropout or batch norm, with every kind of noise
    void theBranchIsOneRunWhateverWayItIsPlayed(int which) throws Exception {
        RunConfig config = Runs.keepingAll(Runs.variety(STEPS).get(which));
        String hash;
        var path = temp.resolve("run");
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(new Command.Step(40));
            var back = run.ask(BACK);
            assertEquals(List.of(State.STOPPED, 30L, 1), List.of(back.state(), back.step(), back.settings().get("game.branch").asInt()));
            assertEquals(0, back.undone(), "the turns that were left are not played again");
            run.ask(new Command.Step(STEPS));
            hash = run.lastHash();
        }
        assertNotEquals(Runs.plain(config), hash, "other numbers");
        assertEquals("1", RunReader.newest(path).checkpoint().orElseThrow().metadata().get(Checkpoint.BRANCH));
        assertEquals(hash, replayed(path, config));

        var killed = temp.resolve("killed");
        try (var run = new Running(killed, config).startAtRest()) {
            run.ask(new Command.Step(40));
            run.ask(BACK);
        }
        try (var run = new Running(killed, config).startAtRest()) {
            run.ask(new Command.Step(20));
            Files.delete(killed.resolve("checkpoints/step-000000050.safetensors"));
        }
        try (var run = new Running(killed, config).start()) {
            assertEquals(hash, run.hash());
        }
    }

    private static String replayed(Path path, RunConfig config) {
        try (var kernels = Backend.open(config.compute().kernels(), 1)) {
            var replay = new Replay(path, Datasets.open(config.data(), Downloads.Progress.NONE), kernels);
            replay.to(33, Replay.Watch.NONE); // from the checkpoint where the branch begins
            replay.to(STEPS, Replay.Watch.NONE);
            return replay.checkpoint().sha256();
        }
    }

    @Test
    void anyBranchIsTheSameInThePlainLoopAndOverTheBus() {
        var config = Runs.with(Runs.variety(STEPS).get(10), "game.branch=3");
        try (var run = new Running(temp.resolve("run"), config).start()) {
            assertEquals(Runs.plain(config), run.hash());
        }
        assertNotEquals(Runs.plain(Runs.with(config, "game.branch=0")), Runs.plain(config));
    }

    /// What was edited since the checkpoint was saved is undone, but not how far the run goes.
    @Test
    void itJournalsWhyAndKeepsTheNewestOfTheBranchThatIsLeft() throws Exception {
        var path = temp.resolve("run");
        var config = Runs.keepingAll(Runs.ring(STEPS));
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(new Command.Step(30));
            run.ask(new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(0.1), "steps", LongNode.valueOf(70))));
            run.ask(new Command.Step(25));
            run.ask(new Command.Bookmark("look"));
            run.ask(new Command.Step(10));
            var settings = run.ask(BACK).settings();
            assertEquals(List.of(1e-3, 70L), List.of(settings.get("generator.optimiser.rate").asDouble(), settings.get("steps").asLong()));
            assertEquals(List.of(0L, 15L, 30L), List.copyOf(RunReader.checkpointSteps(path)));
            run.ask(new Command.Step(30));
        }
        var rollback = RunReader.journal(path).stream().filter(entry -> entry.kind() == Journal.Kind.ROLLBACK).toList().getFirst();
        assertEquals("30 {\"from\":65,\"reason\":\"a test\",\"branch\":1}", rollback.step() + " " + rollback.details());
        var left = new TreeSet<String>();
        for (var file : path.resolve("checkpoints").toFile().listFiles()) {
            left.add(file.getName().replaceFirst("step-0000000", ""));
        }
        assertEquals(List.of("00.safetensors", "15.safetensors", "30.safetensors", "45.safetensors", "55.safetensors.left-0", "60.safetensors",
                "65.safetensors.left-0"), List.copyOf(left));
    }

    @Test
    void thereMustBeACheckpointToGoBackTo() {
        try (var run = new Running(temp.resolve("run"), Runs.ring(STEPS)).startAtRest()) {
            run.ask(new Command.Step(20));
            for (long step : RunReader.checkpointSteps(run.folder().path()).headSet(20L)) {
                assertTrue(run.folder().path().resolve("checkpoints/step-%09d.safetensors".formatted(step)).toFile().delete());
            }
            var refused = (Failure) assertThrows(CompletionException.class, () -> run.ask(new Command.RollBack(12, "a test"))).getCause();
            assertTrue(refused.getMessage().contains("expected a checkpoint of step 12 or one before it"), refused.getMessage());
            assertEquals(20, run.ask(new Command.GetStatus()).step());
            assertEquals(0, run.folder().journal().count(Journal.Kind.ROLLBACK));
        }
    }

    @Test
    void aValueThatIsNotFiniteIsLeftBehindAsOftenAsAllowed() {
        var config = Runs.with(Runs.ring(STEPS), "evaluation.rollbacks=1");
        var blowUp = new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(1e30)));
        try (var run = new Running(temp.resolve("run"), config).startAtRest()) {
            run.ask(new Command.Step(20));
            run.ask(blowUp);
            var status = run.ask(new Command.Step(10));
            assertEquals(List.of(State.STOPPED, 30L, 1), List.of(status.state(), status.step(), status.settings().get("game.branch").asInt()));
            assertEquals(1e-3, status.settings().get("generator.optimiser.rate").asDouble(), "as it was before that edit");
            assertEquals(1, run.nonFiniteTurns());
            run.ask(blowUp);
            var failure = (Failure) assertThrows(CompletionException.class, () -> run.ask(new Command.Step(10))).getCause();
            assertEquals(FailureKind.NON_FINITE, failure.kind());
            assertEquals(State.FAILED, run.ask(new Command.GetStatus()).state());
        }
    }

    private static void evaluated(Running run, long step, double modes) {
        run.bus().publish(Addresses.REPORTS, new Report(step, 0, Map.of(Metric.MODES, modes, Metric.HIGH_QUALITY, 0.9, Metric.EVALUATED_STEP,
                (double) step)));
    }

    private static void await(Running run, Predicate<Status> so) {
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (!so.test(run.ask(new Command.GetStatus()))) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void lostModesTakeItBackToBeforeTheyWereLost() {
        var path = temp.resolve("run");
        var config = Runs.keepingAll(Runs.with(Runs.ring(STEPS), "evaluation.rollbacks=2"));
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(new Command.Step(STEPS - 1));
            evaluated(run, 8, 8);
            evaluated(run, 32, 8);
            evaluated(run, 47, 3);
            evaluated(run, 55, 2);
            await(run, status -> status.step() == 30 && status.findings().isEmpty());
            assertEquals("Helvetica scenario: 2 of 8 modes since turn 47",
                    run.folder().journal().entries(Journal.Kind.ROLLBACK).getFirst().details().get("reason").asText());
            evaluated(run, 40, 3);
            evaluated(run, 50, 3); // there were no good ones since
            await(run, status -> status.step() == 15 && status.findings().isEmpty());
            evaluated(run, 20, 3);
            evaluated(run, 25, 3);
            await(run, status -> status.findings().size() == 1 && status.findings().getFirst().step() == 25);
            assertEquals(15, run.ask(new Command.GetStatus()).step(), "twice, and no more");
        }
    }

    @Test
    void itEndsWhenItsSamplesGetNoBetterAndSaysWhy() {
        var config = Runs.with(Runs.ring(0), "evaluation.best=high-quality", "evaluation.patience=30", "report.every=1000000000");
        var path = temp.resolve("run");
        try (var run = new Running(path, config).start()) {
            evaluated(run, 1_000_000, 8);
            evaluated(run, 1_000_020, 8);
            evaluated(run, 1_000_030, 8);
            await(run, status -> status.state() == State.FINISHED);
            var reason = "highQuality has not become better than 0.9000 for 30 turns, since turn 1,000,000";
            assertEquals(reason, run.ask(new Command.GetStatus()).reason().orElseThrow());
            assertEquals(reason, run.folder().journal().entries(Journal.Kind.FINISH).getFirst().details().get("reason").asText());
            assertTrue(run.outcome().weightsSha256().isPresent());
            run.ask(new Command.Edit(Map.of("evaluation.patience", IntNode.valueOf(0))));
            assertEquals(State.RUNNING, run.ask(new Command.Resume()).state(), "it can go on");
            assertTrue(run.ask(new Command.GetStatus()).reason().isEmpty());
        }
    }
}
