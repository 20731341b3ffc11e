package dev.vertigan.cli;

import dev.vertigan.bus.Bus;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.dashboard.DashboardVerticle;
import dev.vertigan.dashboard.RunInfo;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Mixture;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.run.RunFolder;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.Trainer;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// A run in this process with all that belongs to it: where everything is put together.
public final class Session implements AutoCloseable {

    private final Observability observability = Observability.start();
    private final TrainingMeters meters;
    private final Bus bus;
    private final RunFolder folder;
    private final RunConfig config;
    private final Dataset dataset;
    private final Kernels kernels;
    private final Kernels samplerKernels;
    private final Trainer trainer;

    /// Builds everything; nothing runs before [#start].
    ///
    /// @param folder open; closed with the session
    public Session(RunFolder folder, RunConfig config, Dataset dataset) {
        this.folder = folder;
        this.config = config;
        this.dataset = dataset;
        kernels = Kernels.create(config.compute().kernels(), config.compute().threads());
        samplerKernels = Kernels.create(config.compute().kernels(), 1);
        meters = new TrainingMeters(observability.registry(), Version.CURRENT, kernels.describe());
        bus = new Bus(observability.vertx(), meters);
        meters.follow(bus);
        trainer = new Trainer(observability.vertx(), bus, folder, config, dataset, kernels, samplerKernels, meters);
    }

    public Bus bus() {
        return bus;
    }

    public Trainer trainer() {
        return trainer;
    }

    /// What computes, for people.
    public String kernels() {
        return kernels.describe();
    }

    /// Begins to play, after the dashboard listens if there is one.
    ///
    /// @return the dashboard's address
    /// @throws UserError if something a person can mend is in the way
    public Optional<String> start(boolean dashboard) {
        try {
            var address = dashboard ? Optional.of(startDashboard()) : Optional.<String>empty();
            await(trainer.start(false));
            return address;
        } catch (CompletionException e) {
            throw e.getCause() instanceof UserError error ? error
                    : new UserError("the run could not start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private String startDashboard() {
        var verticle = new DashboardVerticle(bus, config.dashboard(), info(), folder.metrics()::since, new FolderSamples(folder),
                observability.registry());
        await(observability.vertx().deployVerticle(verticle));
        return verticle.page();
    }

    private RunInfo info() {
        var centres = dataset instanceof Mixture mixture ? mixture.modes().centres() : new double[0][];
        var modes = Arrays.stream(centres).map(centre -> Arrays.stream(centre).boxed().toList()).toList();
        var data = new RunInfo.Data(dataset.name(), dataset.kind(), Arrays.stream(dataset.shape()).boxed().toList(), dataset.size(), modes);
        return new RunInfo(folder.path().getFileName().toString(), data, config.seed(), config.batch(), config.latent().size(),
                trainer.generatorParameters(), trainer.discriminatorParameters(), kernels.describe(), Version.CURRENT, Instant.now(),
                folder.path().toString());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    /// Ends the turn, saves and rests; returns the step of the checkpoint.
    public long stop() {
        return await(trainer.stop()).step();
    }

    @Override
    public void close() {
        await(observability.vertx().close());
        folder.close();
        kernels.close();
        samplerKernels.close();
    }
}
