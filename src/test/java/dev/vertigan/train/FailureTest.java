package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.UserError;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.DerivedDataset;
import dev.vertigan.data.Downloads;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What goes wrong is told, stops the run, and loses nothing.
class FailureTest {

    private static final Command.Edit BLOW_UP = rates(1e30);

    @TempDir
    private Path temp;

    private static Command.Edit rates(double rate) {
        return new Command.Edit(
                Map.of("generator.optimiser.rate", DoubleNode.valueOf(rate), "discriminator.optimiser.rate", DoubleNode.valueOf(rate)));
    }

    @Test
    void aNumberThatIsNoneStopsTheRunAndTheLastCheckpointStands() {
        var config = Runs.ring(60);
        try (var run = new Running(temp.resolve("run"), config).startAtRest()) {
            run.ask(new Command.Step(20));
            run.ask(BLOW_UP);
            var failure = assertThrows(CompletionException.class, () -> run.ask(new Command.Step(20)));
            assertTrue(failure.getCause() instanceof Failure, failure::toString);

            var status = run.ask(new Command.GetStatus());
            assertEquals(State.FAILED, status.state());
            var told = status.failure().orElseThrow();
            assertTrue(told.step() > 20 && told.message().contains("at step " + told.step()), told.message());
            assertTrue(told.message().startsWith("discriminator.") || told.message().startsWith("generator."), told.message());
            assertTrue(told.advice().contains("learning rates") && told.advice().contains("step 20"), told.advice());
            assertEquals(Optional.of(20L), status.checkpointStep());
            assertEquals(FailureKind.NON_FINITE, told.kind());
            assertEquals(1, run.nonFiniteTurns());
            assertEquals(20, run.folder().recover().checkpoint().orElseThrow().step());
            assertEquals(Optional.of(told), run.outcome().failure());

            var refused = assertThrows(CompletionException.class, () -> run.ask(new Command.SaveCheckpoint()));
            assertEquals(FailureKind.CONFLICT, ((Failure) refused.getCause()).kind());
        }
    }

    @Test
    void aFailedRunGoesOnFromItsCheckpointWithLowerRates() {
        var config = Runs.ring(60);
        var path = temp.resolve("run");
        String mended;
        try (var run = new Running(path, config).startAtRest()) {
            run.ask(new Command.Step(20));
            run.ask(BLOW_UP);
            assertThrows(CompletionException.class, () -> run.ask(new Command.Step(20)));
            run.ask(rates(1e-3));
            assertEquals(State.RUNNING, run.ask(new Command.Resume()).state());
            mended = run.lastHash();
        }
        assertEquals(Runs.plain(config), mended, "with the old rates back it is the run that was never edited");
        try (var run = new Running(path, config).start()) {
            assertEquals(mended, run.hash(), "and resumes as that");
        }
    }

    /// What can go wrong in a turn, and how it is told.
    static Stream<Arguments> mishaps() {
        return Stream.of(
                arguments(FailureKind.OUT_OF_MEMORY, "out of memory", "VERTIGAN_JAVA_OPTS",
                        (Mishap) () -> Arrays.fill(new long[Integer.MAX_VALUE], 0)),
                arguments(FailureKind.DEFECT, "/ by zero", "log", (Mishap) () -> Math.floorDiv(1, 0)),
                arguments(FailureKind.FILES, "no-such-file", "read", (Mishap) () -> Files.size(Path.of("no-such-file"))),
                arguments(FailureKind.FILES, "expected an image", "resume", (Mishap) () -> {
                    throw new UserError("a.png: expected an image, found that it cannot be decoded");
                }));
    }

    private interface Mishap {

        void happen() throws IOException;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mishaps")
    void whatGoesWrongIsToldAsWhatItIsAndTheRunGoesOnAfterIt(FailureKind kind, String message, String advice, Mishap mishap) {
        var config = Runs.ring(60);
        for (int batch : List.of(0, 22)) { // the very first that is read, and one read ahead
            var data = new Failing(Datasets.open(config.data(), Downloads.Progress.NONE), new AtomicLong(16 + 32 * batch), new AtomicBoolean(),
                    mishap);
            try (var run = new Running(temp.resolve("%s-%d-%d".formatted(kind, message.length(), batch)), config, data).startAtRest()) {
                var failure = (Failure) assertThrows(CompletionException.class, () -> run.ask(new Command.Step(60))).getCause();
                assertEquals(kind, failure.kind());
                var status = run.ask(new Command.GetStatus());
                var told = status.failure().orElseThrow();
                assertEquals(List.of(State.FAILED, kind), List.of(status.state(), told.kind()));
                assertTrue(told.message().contains(message), told.message());
                assertTrue(told.advice().contains(advice) && !told.advice().contains("learning rates"), told.advice());
                assertEquals(0, run.nonFiniteTurns());

                data.mended.set(true);
                run.ask(new Command.Resume());
                assertEquals(Runs.plain(config), run.lastHash(), "all that was not read is read");
            }
        }
    }

    /// A data set that fails from a sample on, until mended.
    private record Failing(Dataset origin, AtomicLong samplesLeft, AtomicBoolean mended, Mishap mishap) implements DerivedDataset {

        @Override
        public void read(long index, float[] target, int offset) {
            if (Thread.currentThread().getName().startsWith("vertigan-feed") && samplesLeft.getAndDecrement() <= 0 && !mended.get()) {
                try {
                    mishap.happen();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            origin.read(index, target, offset);
        }
    }

    @Test
    void anImageThatCannotBeReadStopsTheRunByNameAndItGoesOnWhenMended() throws IOException {
        var config = Runs.images(60, temp.resolve("images"));
        long second = new BatchOrder(config.seed(), 50).index(config.batch() + 8); // in the second minibatch: D has learned from the first
        var damaged = temp.resolve("images/%02d.png".formatted(second));
        byte[] good = Files.readAllBytes(damaged);
        var meters = new SimpleMeterRegistry();
        Files.write(damaged, new byte[] {1, 2, 3});
        try (var run = new Running(temp.resolve("run"), config, meters).start()) {
            var told = run.outcome().failure().orElseThrow();
            assertTrue(told.message().startsWith(damaged + ": expected an image"), told.message());
            assertTrue(told.advice().startsWith("correct that, then resume"), told.advice());
            assertEquals(0, meters.get("vertigan.nonfinite").counter().count(), "no number was at fault");
            Files.write(damaged, good);
            run.ask(new Command.Resume());
            while (run.ask(new Command.GetStatus()).state() == State.RUNNING) {
                Thread.onSpinWait();
            }
            assertEquals(Runs.plain(config), run.folder().recover().checkpoint().orElseThrow().sha256());
        }
    }

    @Test
    void steppingARunningRunIsRefused() {
        try (var run = new Running(temp.resolve("run"), Runs.ring(0)).start()) {
            var refused = assertThrows(CompletionException.class, () -> run.ask(new Command.Step(1)));
            assertEquals(FailureKind.CONFLICT, ((Failure) refused.getCause()).kind());
            run.stop();
        }
    }
}
