package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.Journal;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Audience;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Scene;
import dev.vertigan.values.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole runs come to the same bits whatever way they take.
class WholeRunTest {

    private static final long STEPS = 60;
    private static final long IMAGE_STEPS = 32; // past two checkpoints and a picture, each image in dozens of minibatches
    private static final Map<RunConfig, String> PLAIN = new ConcurrentHashMap<>();

    @TempDir
    private Path temp;

    static List<RunConfig> variety() {
        return Runs.variety(32); // past two checkpoints, a picture and, with two updates of D a turn, an epoch
    }

    @ParameterizedTest
    @MethodSource("variety")
    void theRunOverTheBusIsThePlainLoop(RunConfig config) {
        assertEquals(plain(config), uninterrupted("a", config));
    }

    @ParameterizedTest
    @MethodSource("variety")
    void aRunThatWasLeftAndResumedIsTheSameRun(RunConfig config) {
        var path = temp.resolve("left");
        try (var run = new Running(path, config).start()) {
            run.ask(new Command.Stop());
        }
        try (var run = new Running(path, config).start()) {
            assertEquals(plain(config), run.hash());
        }
    }

    @ParameterizedTest
    @MethodSource("variety")
    void anyNumberOfThreadsComesToTheSame(RunConfig config) {
        for (int threads : new int[] {1, 3}) { // it has two
            assertEquals(plain(config), plain(Runs.threads(config, threads)));
        }
    }

    @Test
    void imagesDecodedAheadAreTheSameRunAsImagesDecodedWhenWanted() {
        isTheSameRun(Runs.images(IMAGE_STEPS, temp.resolve("images")));
    }

    @Test
    void imagesInMemoryAreTheSameRun() {
        var config = Runs.idx(IMAGE_STEPS, temp.resolve("idx"));
        assertTrue(Datasets.open(config.data(), Downloads.Progress.NONE).inMemory());
        isTheSameRun(config);
    }

    /// In one go, and left and resumed.
    private void isTheSameRun(RunConfig config) {
        assertEquals(plain(config), uninterrupted("whole", config));
        var path = temp.resolve("left");
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(new Command.Step(7));
        }
        try (var run = new Running(path, config).start()) {
            assertEquals(plain(config), run.hash(), "left and resumed");
        }
    }

    @Test
    void turnsOneByOneAreTheSameRun() {
        var config = Runs.ring(STEPS);
        try (var run = new Running(temp.resolve("steps"), config).startAtRest()) {
            long step = 0;
            while (step < STEPS) {
                var status = run.ask(new Command.Step(1));
                assertEquals(step + 1, status.step());
                step = status.step();
                if (step < STEPS) {
                    assertEquals(Status.State.STOPPED, status.state());
                    assertEquals(Optional.of(step), status.checkpointStep());
                }
            }
            assertEquals(plain(config), run.hash());
        }
    }

    @Test
    void reportsPicturesAndCheckpointsChangeNothing() {
        var config = Runs.ring(STEPS);
        var busy = new RunConfig(config.seed(), config.steps(), config.batch(), config.shards(), config.data(), config.latent(), config.generator(),
                config.discriminator(), config.emaDecay(), config.emaHalfLife(), config.game(), new RunConfig.ReportEvery(1, 7),
                new RunConfig.Samples(1, 200, 64),
                new RunConfig.Checkpoints(1, 2, 1), config.compute(), config.dashboard(), config.metrics(), config.log(), config.webhook(),
                new RunConfig.Evaluation(0.9, Choice.Best.HIGH_QUALITY, 0, 2, 0, ""));
        assertEquals(plain(config), uninterrupted("busy", busy));
    }

    /// The duel is computed from copies.
    @Test
    void beingWatchedChangesNothing() {
        for (var config : List.of(Runs.ring(20), Runs.variety(20).get(1))) {
            var watched = config.with(Map.of("samples.every", IntNode.valueOf(7)));
            var scenes = new AtomicInteger();
            try (var run = new Running(temp.resolve("watched-" + config.data().name()), watched)) {
                run.bus().listen(Addresses.SCENES, Scene.class, _ -> scenes.incrementAndGet());
                run.startAtRest();
                run.bus().publish(Addresses.AUDIENCE, new Audience(1));
                run.ask(new Command.Resume());
                assertEquals(plain(config), run.hash());
            }
            assertTrue(scenes.get() > 0, "someone saw it");
        }
    }

    /// Samples are measured while the run goes on, and what was found is in a later report.
    @Test
    void samplesAreEvaluatedBesideTheTurns() {
        var found = new LinkedBlockingQueue<Report>();
        try (var run = new Running(temp.resolve("evaluated"), Runs.evaluating(Runs.ring(0)))) {
            run.bus().listen(Addresses.REPORTS, Report.class, report -> {
                if (report.value(Metric.EVALUATED_STEP).isPresent()) {
                    found.add(report);
                }
            });
            run.start();
            for (int i = 0; i < 2; i++) {
                var report = assertDoesNotThrow(() -> found.poll(2, TimeUnit.MINUTES));
                assertNotNull(report, "an evaluation");
                double step = report.value(Metric.EVALUATED_STEP).orElseThrow();
                assertTrue(step >= 1 && step <= report.step(), report.toString());
                assertTrue(report.value(Metric.MODES).orElseThrow() <= 8 && report.value(Metric.HIGH_QUALITY).orElseThrow() <= 1, report.toString());
            }
            run.ask(new Command.Stop());
        }
    }

    @Test
    void anotherSeedIsAnotherRun() {
        var config = Runs.ring(STEPS);
        var other = new RunConfig(config.seed() + 1, config.steps(), config.batch(), config.shards(), config.data(), config.latent(),
                config.generator(),
                config.discriminator(), config.emaDecay(), config.emaHalfLife(), config.game(), config.report(), config.samples(),
                config.checkpoint(), config.compute(),
                config.dashboard(), config.metrics(), config.log(), config.webhook(), config.evaluation());
        assertNotEquals(plain(config), plain(other));
    }

    @Test
    void editsHoldFromTheirStepOnAndAreMadeAgainOnResume() {
        var config = Runs.keepingAll(Runs.ring(STEPS));
        var edit = new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(5e-4), "game.discriminatorSteps", IntNode.valueOf(2),
                "report.every", IntNode.valueOf(3), "checkpoint.every", IntNode.valueOf(7)));
        String edited;
        try (var run = new Running(temp.resolve("edited"), config).startAtRest()) {
            edited = editAt(run, 40, edit);
        }
        assertNotEquals(plain(config), edited);

        // The same edit in a run that then loses all checkpoints after its beginning: the journal brings it back at its step.
        var path = temp.resolve("lost");
        try (var run = new Running(path, config).startAtRest()) {
            assertEquals(edited, editAt(run, 40, edit));
            for (var checkpoint : run.folder().path().resolve("checkpoints").toFile().listFiles()) {
                assertTrue(checkpoint.getName().compareTo("step-000000016") < 0 || checkpoint.delete());
            }
        }
        try (var run = new Running(path, config).start()) {
            assertEquals(edited, run.hash());
        }
    }

    @Test
    void turnsThatWereNotSavedAreCountedUntilTheyArePlayedAgain() {
        var path = temp.resolve("killed");
        try (var run = new Running(path, Runs.keepingAll(Runs.ring(STEPS))).startAtRest()) {
            run.ask(new Command.Step(40));
            assertEquals(0, run.ask(new Command.GetStatus()).undone());
            for (var checkpoint : run.folder().path().resolve("checkpoints").toFile().listFiles()) {
                assertTrue(checkpoint.getName().compareTo("step-000000016") < 0 || checkpoint.delete());
            }
        }
        try (var run = new Running(path, Runs.ring(STEPS)).startAtRest()) {
            assertEquals(25, run.ask(new Command.GetStatus()).undone());
            assertEquals(15, run.ask(new Command.Step(10)).undone());
            assertEquals(0, run.ask(new Command.Step(20)).undone());
        }
    }

    private static String editAt(Running run, long step, Command.Edit edit) {
        run.ask(new Command.Step(step));
        var status = run.ask(edit);
        edit.assignments().forEach((path, value) -> assertEquals(value.asDouble(), status.settings().get(path).asDouble(), path));
        run.ask(new Command.Resume());
        return run.hash();
    }

    /// A run folder of version 0.1 has its edits by other names, as text.
    @Test
    void editsOfAnOlderJournalAreMadeAgain() {
        var config = Runs.keepingAll(Runs.ring(STEPS));
        var edit = new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(5e-4), "game.discriminatorSteps", IntNode.valueOf(2)));
        String edited;
        try (var run = new Running(temp.resolve("edited"), config).startAtRest()) {
            edited = editAt(run, 40, edit);
        }
        var path = temp.resolve("old");
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(new Command.Step(40));
            run.folder().journal().append(40, Journal.Kind.EDIT,
                    JsonNodeFactory.instance.objectNode().put("generatorRate", "5.0E-4").put("discriminatorSteps", "2"));
        }
        try (var run = new Running(path, config).start()) {
            assertEquals(edited, run.hash());
        }
    }

    @Test
    void anEditThatDoesNotFitChangesNothing() {
        try (var run = new Running(temp.resolve("refused"), Runs.ring(STEPS)).startAtRest()) {
            var before = run.ask(new Command.GetStatus()).settings();
            var edit = new Command.Edit(Map.of("report.every", IntNode.valueOf(3), "game.discriminatorSteps", IntNode.valueOf(0)));
            var refusal = assertThrows(CompletionException.class, () -> run.ask(edit));
            assertEquals(FailureKind.INVALID, ((Failure) refusal.getCause()).kind());
            assertEquals(before, run.ask(new Command.GetStatus()).settings());
            assertEquals(List.of(), run.folder().journal().entries(Journal.Kind.EDIT));
        }
    }

    /// With more steps a finished run goes on to the hash of one that was to make as many from the start.
    @Test
    void aFinishedRunGoesOnWithMoreSteps() {
        var path = temp.resolve("longer");
        try (var run = new Running(path, Runs.ring(10)).start()) {
            run.hash();
            assertEquals(Status.State.STOPPED, run.ask(new Command.Edit(Map.of("steps", IntNode.valueOf(25)))).state());
            assertEquals(25, run.ask(new Command.Resume()).steps());
            assertEquals(plain(Runs.ring(25)), run.lastHash());
        }
        try (var run = new Running(path, Runs.ring(10)).start()) {
            assertEquals(plain(Runs.ring(25)), run.hash(), "the journal keeps it");
        }
    }

    @Test
    void aRunThatMadeAllItsTurnsSaysSo() {
        var config = Runs.ring(10);
        var path = temp.resolve("done");
        String hash;
        try (var run = new Running(path, config).start()) {
            hash = run.hash();
            var refusal = assertThrows(CompletionException.class, () -> run.ask(new Command.Resume()));
            assertEquals(FailureKind.CONFLICT, ((Failure) refusal.getCause()).kind());
        }
        try (var run = new Running(path, config).start()) {
            assertEquals(hash, run.hash(), "resuming it again plays nothing more");
        }
    }

    /// What the plain loop comes to, played once.
    private static String plain(RunConfig config) {
        return PLAIN.computeIfAbsent(config, Runs::plain);
    }

    private String uninterrupted(String name, RunConfig config) {
        try (var run = new Running(temp.resolve(name), config).start()) {
            return run.hash();
        }
    }
}
