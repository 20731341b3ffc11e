package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Parent;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A run's past can be visited and branched off from, to the bit, and is not touched by that.
class ReplayTest {

    private static final long STEPS = 40;
    private static final Map<String, JsonNode> EDIT = Map.of("generator.optimiser.rate", DoubleNode.valueOf(5e-4), "game.discriminatorSteps",
            IntNode.valueOf(2));

    @TempDir
    private Path temp;

    /// A few that differ in how a turn goes.
    static Stream<RunConfig> variety() {
        var all = Runs.variety(STEPS);
        return IntStream.of(0, 5, 10).mapToObj(all::get);
    }

    private static void visit(Path run, Consumer<Replay> visit) {
        var config = Replay.config(run);
        try (var kernels = Backend.open(config.compute().kernels(), 1)) {
            visit.accept(new Replay(run, Datasets.open(config.data(), Downloads.Progress.NONE), kernels));
        }
    }

    /// A run that is edited at step 22, with all its checkpoints.
    private Path edited(RunConfig config) {
        return edited("run", config);
    }

    private Path edited(String name, RunConfig config) {
        var path = temp.resolve(name);
        try (var run = new Running(path, Runs.keepingAll(config)).startAtRest()) {
            run.ask(new Command.Step(22));
            run.ask(new Command.Edit(EDIT));
            run.ask(new Command.Resume());
            run.hash();
        }
        return path;
    }

    private static TreeMap<String, String> content(Path folder) {
        var content = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                content.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return content;
    }

    private static Checkpoint kept(Path run, long step) {
        var checkpoint = RunReader.checkpointBefore(run, step).orElseThrow();
        assertEquals(step, checkpoint.step());
        return checkpoint;
    }

    private static void same(Checkpoint expected, Checkpoint found) {
        assertEquals(expected.sha256(), found.sha256(), () -> "step " + expected.step());
        var metadata = new TreeMap<>(expected.metadata());
        metadata.remove(Checkpoint.JOURNAL_POSITION);
        metadata.remove(Checkpoint.CONFIG_SHA256);
        assertTrue(found.metadata().entrySet().containsAll(metadata.entrySet()), () -> expected.metadata() + " and " + found.metadata());
    }

    @ParameterizedTest
    @MethodSource("variety")
    void everyCheckpointOfARunIsPlayedAgainToTheBit(RunConfig config) throws IOException {
        var path = edited(config);
        var kept = List.copyOf(RunReader.checkpointSteps(path));
        assertTrue(kept.containsAll(List.of(15L, 22L, 30L, STEPS)), kept::toString);
        var checkpoints = new ArrayList<Checkpoint>();
        kept.forEach(step -> checkpoints.add(kept(path, step)));
        var pictures = new TreeMap<Long, byte[]>(); // the last one at least: of the others, those for which the sampler was free
        for (var picture : RunReader.samples(path).entrySet()) {
            pictures.put(picture.getKey(), Files.readAllBytes(picture.getValue()));
        }
        assertTrue(pictures.containsKey(STEPS), () -> pictures.keySet().toString());
        for (long step : kept) { // so that all is to be played, from the very beginning on
            Files.delete(path.resolve("checkpoints/step-%09d.safetensors".formatted(step)));
        }
        var before = content(path);
        visit(path, replay -> {
            for (var checkpoint : checkpoints) { // onwards
                assertTrue(replay.to(checkpoint.step(), Replay.Watch.NONE));
                same(checkpoint, replay.checkpoint());
            }
            pictures.forEach((step, picture) -> { // and back
                assertTrue(replay.to(step, Replay.Watch.NONE));
                assertArrayEquals(picture, replay.picture().bytes());
            });
            assertEquals(List.of(), replay.notices());
        });
        assertEquals(before, content(path), "the run's folder is as it was");
    }

    @Test
    void itGoesFromTheNearestCheckpointAndNoticesABranchThatWasLeft() {
        var path = temp.resolve("run");
        try (var run = new Running(path, Runs.keepingAll(Runs.ring(60))).startAtRest()) {
            run.ask(new Command.Step(20));
            visit(path, replay -> {
                var way = new ArrayList<Replay.Way>();
                replay.to(18, passing -> way.add(passing));
                assertEquals(List.of(15L, 16L, 17L), way.stream().map(Replay.Way::at).toList(), "while a trainer has the folder");
                assertTrue(way.get(1).secondsLeft().isPresent() && way.get(1).to() == 18);
                var seventeen = sha256(replay, 17);
                run.ask(new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(1e30), "discriminator.optimiser.rate",
                        DoubleNode.valueOf(1e30))));
                assertThrows(RuntimeException.class, () -> run.ask(new Command.Step(20)));
                assertTrue(assertThrows(UserError.class, () -> replay.to(40, Replay.Watch.NONE)).getMessage().contains("as in the run itself"));
                run.ask(new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(1e-3), "discriminator.optimiser.rate",
                        DoubleNode.valueOf(1e-3))));
                run.ask(new Command.Step(10));
                assertEquals(kept(path, 30).sha256(), sha256(replay, 30));
                assertEquals(seventeen, sha256(replay, 17));
            });
        }
    }

    private static String sha256(Replay replay, long step) {
        assertTrue(replay.to(step, Replay.Watch.NONE));
        return replay.checkpoint().sha256();
    }

    @Test
    void aTurnIsMeasuredAsItWasReported() {
        var path = edited(Runs.ring(STEPS));
        try (var run = RunFolder.open(path)) {
            var reported = run.metrics().since(24, 100).getFirst();
            assertEquals(25, reported.step());
            visit(path, replay -> {
                replay.to(24, Replay.Watch.NONE);
                var measured = replay.turn();
                assertEquals(25, replay.step());
                for (var metric : List.of(Metric.LOSS_D, Metric.LOSS_G, Metric.SCORE_REAL, Metric.SCORE_FAKE, Metric.GRADIENT_NORM_G,
                        Metric.GRADIENT_NORM_D, Metric.UPDATE_RATIO_D, Metric.UPDATE_RATIO_G)) {
                    assertEquals(reported.value(metric).orElseThrow(), measured.get(metric), 1e-6, metric.name());
                }
            });
        }
    }

    @Test
    void aReplayCanBeEnded() {
        var path = edited(Runs.ring(STEPS));
        visit(path, replay -> {
            assertFalse(replay.to(29, way -> way.at() < 27));
            assertEquals(27, replay.step());
            assertEquals(sha256(replay, 30), kept(path, 30).sha256(), "and goes on from there");
        });
    }

    @Test
    void otherKernelsAreTold() {
        var path = edited(Runs.ring(STEPS));
        var config = Replay.config(path);
        try (var kernels = Backend.open(Choice.Kernels.ND4J, 1)) {
            var replay = new Replay(path, Datasets.open(config.data(), Downloads.Progress.NONE), kernels);
            replay.to(18, Replay.Watch.NONE);
            assertTrue(replay.notices().getFirst().contains("not bit-exact: the run was computed by simd"), replay.notices()::toString);
            replay.to(15, Replay.Watch.NONE);
            assertEquals(List.of(), replay.notices(), "a checkpoint is what it is");
        }
    }

    /// `--accept-changes` makes another game of it from a step on.
    @Test
    void settingsThatWereAcceptedHoldFromTheirStepOn() throws IOException {
        var path = temp.resolve("run");
        var config = Runs.keepingAll(Runs.ring(20));
        try (var run = new Running(path, config).start()) {
            run.hash();
        }
        var file = path.resolve("config.json");
        Files.writeString(file, Files.readString(file).replace("\"batch\" : 32", "\"batch\" : 16").replace("\"steps\" : 20", "\"steps\" : 40"));
        String hash;
        try (var run = new Running(path, Replay.config(path)).startAccepting()) {
            hash = run.hash();
        }
        var first = kept(path, 15).sha256();
        for (long step : List.copyOf(RunReader.checkpointSteps(path))) {
            Files.delete(path.resolve("checkpoints/step-%09d.safetensors".formatted(step)));
        }
        visit(path, replay -> {
            assertEquals(first, sha256(replay, 15));
            assertEquals(32, replay.config().batch());
            assertEquals(hash, sha256(replay, 40));
            assertEquals(16, replay.config().batch());
        });
    }

    private Path fork(Path parent, long at, Map<String, JsonNode> changes) {
        var path = temp.resolve("fork-" + at + "-" + changes.size());
        visit(parent, replay -> {
            replay.to(at, Replay.Watch.NONE);
            Fork.make(replay, Fork.config(replay.config(), changes), path);
        });
        return path;
    }

    private static String play(Path path) {
        try (var run = new Running(path, Replay.config(path)).start()) {
            return run.hash();
        }
    }

    @ParameterizedTest
    @MethodSource("variety")
    void aForkWithoutAChangeComesToItsParentsHash(RunConfig config) {
        var parent = edited(config);
        var before = content(parent);
        String hash = kept(parent, STEPS).sha256();
        assertEquals(hash, play(fork(parent, 25, Map.of())));
        assertEquals(before, content(parent), "the parent is as it was");
    }

    /// What is measured when turns are played again is what the run reported, but for the time that it took.
    @Test
    void whatIsMeasuredAgainIsWhatWasReported() {
        var run = edited(Runs.ring(STEPS));
        var reported = new TreeMap<Long, Map<Metric, Double>>();
        RunReader.reports(run, report -> reported.put(report.step(), report.values()));
        visit(run, replay -> {
            var measured = new TreeMap<Long, Map<Metric, Double>>();
            replay.to(28, Replay.Watch.NONE);
            assertTrue(replay.to(30, 12, Replay.Watch.NONE, at -> at > 12, measured::put), "it goes back to before what is measured");
            assertEquals(LongStream.rangeClosed(13, 30).boxed().toList(), List.copyOf(measured.keySet()));
            assertEquals(30, replay.step());
            for (long step : List.of(15L, 20L, 25L, 30L)) {
                measured.get(step).forEach((metric, value) -> assertEquals(reported.get(step).get(metric), value, metric + " at " + step));
                assertTrue(measured.get(step).containsKey(Metric.LOSS_D) && measured.get(step).containsKey(Metric.UPDATE_RATIO_G));
            }
            assertEquals(sha256(replay, 30), kept(run, 30).sha256(), "measuring changes nothing");
        });
    }

    @Test
    void aForkWithAChangeLeavesItsParentAtExactlyThatStep() {
        var parent = edited(Runs.ring(STEPS));
        var changes = Map.<String, JsonNode>of("discriminator.optimiser.rate", DoubleNode.valueOf(3e-3), "seed", LongNode.valueOf(9),
                "checkpoint.every", IntNode.valueOf(1), "checkpoint.keep", IntNode.valueOf(1000));
        var fork = fork(parent, 25, changes);
        assertNotEquals(kept(parent, STEPS).sha256(), play(fork));
        var lineage = Parent.in(RunReader.journal(fork)).orElseThrow();
        assertEquals(List.of("../run", 25L, "{checkpoint.every=1, discriminator.optimiser.rate=0.003, seed=9}"),
                List.of(lineage.folder(), lineage.step(), lineage.changes().toString()));
        visit(parent, replay -> {
            assertEquals(sha256(replay, 25), kept(fork, 25).sha256());
            assertNotEquals(sha256(replay, 26), kept(fork, 26).sha256());
        });
        visit(fork, replay -> { // which has a past of its own
            assertEquals(kept(fork, 33).sha256(), sha256(replay, 33));
            var before = assertThrows(UserError.class, () -> replay.to(24, Replay.Watch.NONE));
            assertTrue(before.getMessage().endsWith("in " + parent), before::getMessage);
            RunFolders.rename(parent, temp.resolve("renamed"));
            var renamed = assertThrows(UserError.class, () -> replay.to(24, Replay.Watch.NONE));
            assertTrue(renamed.getMessage().endsWith("in " + temp.resolve("renamed")), renamed::getMessage);
        });
        assertNotEquals(play(fork(fork, 30, Map.of("batch", IntNode.valueOf(16)))), kept(fork, STEPS).sha256(), "a fork of a fork");
    }

    @Test
    void whatTheWeightsDoNotFitIsRefusedAndLeavesNothing() {
        var parent = edited(Runs.ring(STEPS));
        var others = Map.<String, JsonNode>of("latent.size", IntNode.valueOf(9));
        assertTrue(assertThrows(UserError.class, () -> fork(parent, 25, others)).getMessage().contains("generator."));
        assertThrows(UserError.class, () -> fork(parent, 25, Map.of("batch", IntNode.valueOf(0))));
        var images = Map.<String, JsonNode>of("data.name", TextNode.valueOf("digits"));
        assertTrue(assertThrows(UserError.class, () -> fork(parent, 25, images)).getMessage().contains("samples of the shape 2"));
        assertEquals(List.of("run"), Stream.of(temp.toFile().list()).sorted().toList());
    }

    /// Other data are what the fork is for: nothing about them changes later.
    @Test
    void aForkWithOtherDataBeginsWithThem() {
        var fork = fork(edited(Runs.ring(STEPS)), 25, Map.of("data.name", TextNode.valueOf("moons")));
        play(fork);
        assertEquals(List.of("moons"), RunReader.journal(fork).stream().filter(entry -> entry.details().has("data"))
                .map(entry -> entry.details().get("data").get("name").asText()).toList());
    }

    @Test
    void aForkThatWasCutShortIsMadeAgain() throws IOException {
        var parent = edited(Runs.ring(STEPS));
        Files.createDirectories(temp.resolve("fork-25-0.making/checkpoints"));
        Files.writeString(temp.resolve("fork-25-0.making/config.json"), "{}");
        assertEquals(kept(parent, STEPS).sha256(), play(fork(parent, 25, Map.of())));
        assertEquals(1, RunReader.journal(temp.resolve("fork-25-0")).stream().filter(entry -> entry.kind() == Journal.Kind.START).count());
    }
}
