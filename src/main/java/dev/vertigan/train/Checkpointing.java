package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest;
import dev.vertigan.bus.StateRequest.CaptureDiscriminator;
import dev.vertigan.bus.StateRequest.CaptureGenerator;
import dev.vertigan.bus.StateRequest.Load;
import dev.vertigan.bus.StateRequest.Loaded;
import dev.vertigan.bus.StateRequest.RestoreDiscriminator;
import dev.vertigan.bus.StateRequest.RestoreGenerator;
import dev.vertigan.bus.StateRequest.Save;
import dev.vertigan.bus.StateRequest.Saved;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Safetensors;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The Conductor's side of checkpoints: captures both players between turns, has the archive write while they play on, and never
/// captures again before that is done (there is one copy of the state to write from).
final class Checkpointing {

    private final Bus bus;
    private Future<Saved> saving;
    private Optional<Long> newest;
    private Consumer<Throwable> alarm = _ -> {};

    /// @param loaded the checkpoint the run goes on from, if any
    Checkpointing(Bus bus, Optional<Saved> loaded) {
        this.bus = bus;
        this.saving = Future.succeededFuture(loaded.orElse(new Saved(-1, "")));
        this.newest = loaded.map(Saved::step);
    }

    /// Told when a checkpoint nobody waits for could not be written.
    void onFailure(Consumer<Throwable> listener) {
        alarm = listener;
    }

    /// The newest verified checkpoint's step.
    Optional<Long> newest() {
        return newest;
    }

    /// Whether the state after that step is on disk already.
    boolean has(long step) {
        return saving.succeeded() && saving.result().step() == step;
    }

    /// Completes when the state is captured; it is written behind, when its time has come.
    Future<Void> capture(Progress progress, Future<Void> time) {
        return saving.otherwiseEmpty().compose(_ -> write(progress, time)).map(_ -> {
            saving.onFailure(alarm::accept);
            return null;
        });
    }

    /// Completes when the state is verified on disk.
    Future<Saved> save(Progress progress) {
        return saving.otherwiseEmpty().compose(last -> last != null && last.step() == progress.step()
                ? Future.succeededFuture()
                : write(progress, Future.succeededFuture())).compose(_ -> saving);
    }

    private Future<Void> write(Progress progress, Future<Void> time) {
        long step = progress.step();
        var generator = bus.ask(new CaptureGenerator());
        var discriminator = bus.ask(new CaptureDiscriminator());
        return Future.all(generator, discriminator).map(_ -> {
            var state = new RunState(step, progress.batches(), generator.result(), discriminator.result());
            var metadata = new TreeMap<>(state.metadata());
            metadata.put(Checkpoint.BRANCH, Integer.toString(progress.config().game().branch()));
            saving = time.compose(_ -> bus.ask(new Save(step, state.tensors(), metadata)))
                    .onSuccess(saved -> newest = Optional.of(saved.step()));
            return null;
        });
    }

    /// Puts players and progress back to the newest checkpoint.
    Future<Void> rollBack(Progress progress) {
        return rollBack(progress, new Load());
    }

    /// Puts players and progress back to a checkpoint.
    ///
    /// @param load asks for it
    Future<Void> rollBack(Progress progress, StateRequest<Loaded> load) {
        return saving.otherwiseEmpty().compose(_ -> bus.ask(load)).compose(loaded -> {
            var state = RunState.of(loaded.step(), loaded.tensors(), loaded.metadata());
            var generator = bus.ask(new RestoreGenerator(state.generator()));
            var discriminator = bus.ask(new RestoreDiscriminator(state.discriminator()));
            return Future.all(generator, discriminator).map(_ -> {
                progress.seek(state.step(), state.batches());
                newest = Optional.of(loaded.step());
                saving = Future.succeededFuture(new Saved(loaded.step(), Safetensors.sha256(loaded.tensors())));
                return null;
            });
        });
    }
}
