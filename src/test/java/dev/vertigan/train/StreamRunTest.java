package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.data.RowForm;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Picture;
import dev.vertigan.values.StreamRequest.Push;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs on data that come while they train.
class StreamRunTest {

    private static final long STEPS = 40;

    @TempDir
    private Path temp;

    private static RunConfig config(String... more) {
        var config = Runs.with(Runs.ring(STEPS), "data.name=stream", "data.columns=x, y", "data.size=100", "data.stream.window=70",
                "data.stream.buffer=90");
        return Runs.with(config, more);
    }

    private static Push rows(int seed, int count) {
        var random = new Random(seed);
        return new Push("csv", IntStream.range(0, count).mapToObj(_ -> random.nextGaussian() + "," + random.nextGaussian())
                .collect(Collectors.joining("\n", "x,y\n", "\n")).getBytes(StandardCharsets.UTF_8));
    }

    /// Rows come at steps 0, 12 and 25.
    private String uninterrupted(Path path, RunConfig config) {
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(rows(1, 40));
            run.ask(new Command.Step(12));
            run.ask(rows(2, 50));
            run.ask(new Command.Step(13));
            run.ask(rows(3, 60));
            run.ask(new Command.Resume());
            return run.hash();
        }
    }

    @Test
    void aRunThatIsKilledAndResumedSeesWhatItWouldHaveSeen() {
        String hash = uninterrupted(temp.resolve("whole"), config());
        var other = temp.resolve("rolled-back");
        String left = uninterrupted(other, Runs.with(config(), "steps=30"));
        assertNotEquals(hash, left);
        // As if killed at step 30 with the last checkpoint of step 15 on disk: more has come since then, which those turns had not seen.
        removeCheckpointsAfter(other, 15);
        try (var run = new Running(other, Runs.with(config(), "steps=30")).start()) {
            assertEquals(left, run.hash());
        }
        try (var run = new Running(other, config()).start()) {
            assertEquals(hash, run.hash());
        }
    }

    private static void removeCheckpointsAfter(Path run, long step) {
        try (var files = Files.list(run.resolve("checkpoints"))) {
            for (var file : files.toList()) {
                if (Long.parseLong(file.getFileName().toString().replaceAll("\\D", "")) > step) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void replayAndForkComeToTheSameBits() {
        var path = temp.resolve("run");
        String hash = uninterrupted(path, Runs.keepingAll(config()));
        try (var kernels = Backend.open(config().compute().kernels(), 1)) {
            var replay = new Replay(path, Datasets.open(config().data(), Downloads.Progress.NONE), kernels);
            assertTrue(replay.to(0, Replay.Watch.NONE) && replay.to(STEPS, Replay.Watch.NONE));
            assertEquals(hash, replay.checkpoint().sha256());
            replay.to(20, Replay.Watch.NONE);
            Fork.make(replay, Fork.config(replay.config(), Map.of()), temp.resolve("fork"));
        }
        try (var run = new Running(temp.resolve("fork"), config()).start()) {
            assertEquals(hash, run.hash());
            run.ask(rows(4, 10));
        }
    }

    /// It waits for as many rows as a minibatch has, then begins by itself; and what cannot be taken is refused in words.
    @Test
    void aRunBeginsWhenThereIsEnough() {
        try (var run = new Running(temp.resolve("run"), config()).start()) {
            assertEquals(0, run.ask(rows(1, 31)).waiting() - 31);
            assertEquals(0, run.ask(new Command.GetStatus()).step());
            assertEquals(FailureKind.INVALID, refusal(run, new Push("json", "{\"rows\": [[1]]}".getBytes(StandardCharsets.UTF_8))).kind());
            assertEquals(FailureKind.INVALID, refusal(run, rows(9, 91)).kind());
            assertEquals(FailureKind.FULL, refusal(run, rows(9, 60)).kind());
            var reals = new LinkedBlockingQueue<Picture>();
            run.bus().listen(Addresses.PICTURES, Picture.class, picture -> {
                if (picture.source() == Picture.Source.REAL) {
                    reals.add(picture);
                }
            });
            run.ask(rows(2, 1));
            run.hash();
            assertTrue(run.folder().stream().orElseThrow().at(0).getAsLong() >= 32);
            var shown = Objects.requireNonNull(reals.poll(30, TimeUnit.SECONDS), "the page is shown the data of now");
            assertEquals(List.of(2, 16), List.of(shown.width(), shown.count()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Failure refusal(Running run, Push push) {
        return (Failure) assertThrows(CompletionException.class, () -> run.ask(push)).getCause();
    }

    /// Files come once each, whatever happens between the journal's word and the rows.
    @Test
    void aWatchedFoldersFilesComeOnceEach() throws IOException {
        var watched = Files.createDirectory(temp.resolve("watched"));
        var form = new RowForm(List.of("x", "y"), 4, 1);
        try (var folder = RunFolder.create(temp.resolve("run"), config().toJson())) {
            folder.attached(Datasets.open(config().data(), Downloads.Progress.NONE));
            var log = folder.stream().orElseThrow();
            var first = new WatchedFolder(watched, form, log, folder.journal(), 1000);
            first.recover();
            Files.write(watched.resolve("a.csv"), rows(1, 5).content());
            Files.write(watched.resolve("b.csv"), "x,y\n1\n".getBytes(StandardCharsets.UTF_8));
            Files.write(watched.resolve(".c.csv"), rows(1, 5).content());
            first.scan(0);
            assertEquals(0, log.size(), "it may still be being written");
            first.scan(0);
            first.scan(0);
            assertEquals(5, log.size());
            Files.write(watched.resolve("b.csv"), rows(2, 3).content());
            first.scan(0);
            first.scan(0);
            assertEquals(8, log.size(), "what was refused may be corrected");
            // the journal says what comes, then the power goes
            Files.write(watched.resolve("d.csv"), rows(3, 4).content());
            var details = JsonNodeFactory.instance.objectNode().put("first", 8);
            details.putObject("files").put("d.csv", 4);
            folder.journal().append(7, Journal.Kind.DATA, details);
            log.append(form.read("d.csv", rows(3, 4).content()).subList(0, 1));
            var second = new WatchedFolder(watched, form, log, folder.journal(), 1000);
            second.recover();
            second.scan(7);
            second.scan(7);
            assertEquals(12, log.size());
            byte[] last = new byte[form.width()];
            log.read(11, last);
            assertEquals(0, Arrays.compare(form.read("d.csv", rows(3, 4).content()).get(3), last));
        }
    }
}
