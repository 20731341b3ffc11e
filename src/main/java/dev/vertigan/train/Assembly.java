package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.RunMeters;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.run.RunFolder;
import dev.vertigan.tensor.Kernels;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/// A run in this process and all that computes, carries and measures it, put together: nothing plays before the trainer is started.
public final class Assembly implements AutoCloseable {

    private final Observability observability;
    private final RunFolder folder;
    private final Kernels kernels;
    private final Kernels samplerKernels;
    private final Bus bus;
    private final Trainer trainer;

    /// @param folder open; closed with the rest
    /// @param version of the program, for the meters
    public Assembly(RunFolder folder, RunConfig config, Dataset dataset, String version) {
        this.folder = folder;
        observability = Observability.start(folder.path().toAbsolutePath().getFileName().toString());
        kernels = Kernels.create(config.compute().kernels(), config.compute().threads());
        samplerKernels = Kernels.create(config.compute().kernels(), 1);
        var meters = new TrainingMeters(observability.registry(), version, kernels.describe());
        RunMeters.register(observability.registry(), folder);
        bus = new Bus(observability.vertx(), meters);
        meters.follow(bus);
        trainer = new Trainer(observability.vertx(), bus, folder, config, dataset, kernels, samplerKernels, meters);
    }

    public Vertx vertx() {
        return observability.vertx();
    }

    public PrometheusMeterRegistry registry() {
        return observability.registry();
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

    /// Waits on a thread that may wait.
    ///
    /// @throws java.util.concurrent.CompletionException with the cause if it failed
    public static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        await(observability.vertx().close());
        folder.close();
        kernels.close();
        samplerKernels.close();
    }
}
