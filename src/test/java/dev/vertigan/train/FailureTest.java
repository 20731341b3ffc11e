package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bus.Command;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.Status.State;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.train.Runs.Running;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong is told, stops the run, and loses nothing.
class FailureTest {

    private static final Command.Edit BLOW_UP = new Command.Edit(Optional.of(1e30), Optional.of(1e30), Optional.empty(), Optional.empty());

    @TempDir
    private Path temp;

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
            assertEquals(20, run.folder().recover().checkpoint().orElseThrow().step());
            assertEquals(Optional.of(told), run.outcome().failure());

            var refused = assertThrows(CompletionException.class, () -> run.ask(new Command.SaveCheckpoint()));
            assertEquals(Failure.CONFLICT, ((Failure) refused.getCause()).failureCode());
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
            run.ask(new Command.Edit(Optional.of(1e-3), Optional.of(1e-3), Optional.empty(), Optional.empty()));
            assertEquals(State.RUNNING, run.ask(new Command.Resume()).state());
            while (run.ask(new Command.GetStatus()).state() == State.RUNNING) {
                Thread.onSpinWait();
            }
            mended = run.folder().recover().checkpoint().orElseThrow().sha256();
        }
        assertEquals(Runs.plain(config), mended, "with the old rates back it is the run that was never edited");
        try (var run = new Running(path, config).start()) {
            assertEquals(mended, run.hash(), "and resumes as that");
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
            assertTrue(told.advice().startsWith("mend it and resume"), told.advice());
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
            assertEquals(Failure.CONFLICT, ((Failure) refused.getCause()).failureCode());
            run.stop();
        }
    }
}
