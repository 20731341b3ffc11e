package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Columns;
import dev.vertigan.data.Form;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.Origin;
import dev.vertigan.train.Replay;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// A run's generator as one of its checkpoints has it, for drawing; also while the run goes on. Needs none of its data.
final class OpenGenerator implements AutoCloseable {

    private final RunConfig config;
    private final Form form;
    private final Columns columns;
    private final long step;
    private final long seen;
    private final Kernels kernels;
    private final Sampler sampler;

    /// @param step of the checkpoint; empty = the newest good one
    /// @param averaged whether its moving average of the weights draws, else the weights themselves
    /// @throws UserError if there is no such checkpoint, or it is not of this configuration
    static OpenGenerator open(Path run, Optional<Long> step, boolean averaged, Console console) {
        var config = Configurations.ofRun(run);
        var checkpoint = step.map(number -> RunReader.at(run, number)).orElseGet(() -> newest(run, console));
        var kernels = Backend.open(config.compute());
        try {
            return new OpenGenerator(run, config, checkpoint, averaged, kernels);
        } catch (IllegalArgumentException e) {
            kernels.close();
            throw new UserError(String.format(Locale.ROOT, "%s: expected a checkpoint of this configuration, found another: %s", run, e.getMessage()),
                    e);
        }
    }

    private OpenGenerator(Path run, RunConfig config, Checkpoint checkpoint, boolean averaged, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        form = Form.of(config.data());
        step = checkpoint.step();
        columns = Columns.of(config.data(), Origin.data(RunReader.journal(run), step));
        int batch = Replay.config(run, step).batch(); // of that step, which may have been another
        seen = Long.parseLong(checkpoint.metadata().getOrDefault("batches", "0")) * batch;
        sampler = Sampler.ofFixedLatents(config, Shape.of(form.shape()), 0, kernels);
        sampler.load(new PlayerState(step, checkpoint.tensors()), averaged);
    }

    private static Checkpoint newest(Path run, Console console) {
        var recovery = RunReader.newest(run);
        recovery.rejected()
                .forEach(rejected -> console.error(String.format(Locale.ROOT, "%s is damaged and left out: %s", rejected.file(), rejected.reason())));
        return recovery.checkpoint().orElseThrow(() -> new UserError(String.format(Locale.ROOT, "%s: expected a good checkpoint, found none", run)));
    }

    RunConfig config() {
        return config;
    }

    Form form() {
        return form;
    }

    /// What the coordinates of its samples are called, and their units; no columns if they are images.
    Columns columns() {
        return columns;
    }

    /// Turns completed at its checkpoint.
    long step() {
        return step;
    }

    /// Samples of data it was trained on by then.
    long seen() {
        return seen;
    }

    /// G itself.
    Network network() {
        return sampler.network();
    }

    /// How many classes it knows; 0 = none.
    int classes() {
        return Classes.of(config);
    }

    /// Draws that class alone from now on.
    void only(int wanted) {
        sampler.only(wanted);
    }

    /// @return samples of latents [first, first + count) as the generator makes them, `[count, features]`
    float[] draw(Latents latents, long first, int count) {
        return sampler.draw(latents, first, count);
    }

    /// Its samples, to be measured.
    ///
    /// @param from the latent of the first
    Measuring.Source samples(Latents latents, long from) {
        return Measuring.Source.of(sampler, latents, from);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
