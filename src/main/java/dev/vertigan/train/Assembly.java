package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.RunMeters;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunFolders;
import dev.vertigan.tensor.Kernels;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/// A run in this process and all that computes, carries and measures it, put together: nothing plays before the trainer is started.
public final class Assembly implements AutoCloseable {

    private final Observability observability;
    private final Deque<Opened> opened = new ArrayDeque<>(); // the last first
    private final Kernels kernels;
    private final Bus bus;
    private final Trainer trainer;

    private interface Opened {

        void close();
    }

    /// @param folder open; closed with the rest
    /// @param version of the program, for the meters
    public Assembly(RunFolder folder, RunConfig config, Dataset dataset, String version) {
        opened.push(folder::close);
        try {
            kernels = Backend.open(config.compute());
            opened.push(kernels::close);
            var samplerKernels = Backend.open(new RunConfig.Compute(1, config.compute().kernels(), config.compute().precision()));
            opened.push(samplerKernels::close);
            var evaluatorKernels = Backend.open(new RunConfig.Compute(1, config.compute().kernels(), config.compute().precision()));
            opened.push(evaluatorKernels::close);
            observability = Observability.start(RunFolders.name(folder.path()));
            opened.push(() -> await(observability.vertx().close())); // before what its verticles use
            var meters = new TrainingMeters(observability.registry(), version, kernels.describe());
            RunMeters.register(observability.registry(), folder);
            bus = new Bus(observability.vertx(), meters);
            meters.follow(bus);
            trainer = new Trainer(observability.vertx(), bus, folder, config, dataset, kernels, samplerKernels, evaluatorKernels, meters);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
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
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
