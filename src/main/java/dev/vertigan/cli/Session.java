package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.bus.Bus;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.dashboard.DashboardVerticle;
import dev.vertigan.dashboard.Kept;
import dev.vertigan.dashboard.MetricsVerticle;
import dev.vertigan.dashboard.RunInfo;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Mixture;
import dev.vertigan.metrics.RunMeters;
import dev.vertigan.notice.NoticeVerticle;
import dev.vertigan.objective.Equilibrium;
import dev.vertigan.objective.Objective;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunFolders;
import dev.vertigan.train.Assembly;
import dev.vertigan.train.PastVerticle;
import dev.vertigan.train.Trainer;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// A run in this process as people meet it: with a dashboard, if they want one.
public final class Session implements AutoCloseable {

    private final Assembly assembly;
    private final RunFolder folder;
    private final RunConfig config;
    private final Dataset dataset;
    private Optional<String> metrics = Optional.empty();

    /// Builds everything; nothing runs before [#start].
    ///
    /// @param folder open; closed with the session
    public Session(RunFolder folder, RunConfig config, Dataset dataset) {
        this.folder = folder;
        this.config = config;
        this.dataset = dataset;
        assembly = new Assembly(folder, config, dataset, Version.CURRENT);
    }

    public Bus bus() {
        return assembly.bus();
    }

    public Trainer trainer() {
        return assembly.trainer();
    }

    Vertx vertx() {
        return assembly.vertx();
    }

    /// What computes, for people.
    public String kernels() {
        return assembly.kernels();
    }

    /// Begins to play a run whose settings are those it began with, after the dashboard listens if there is one.
    ///
    /// @return the dashboard's address
    public Optional<String> start(boolean dashboard) {
        return start(dashboard, false, Map.of());
    }

    /// Begins to play, after the dashboard listens if there is one.
    ///
    /// @param acceptsChanges see [Trainer#start(boolean, boolean)]
    /// @param edit live settings to change, by path
    /// @return the dashboard's address
    /// @throws UserError if something a person can mend is in the way
    public Optional<String> start(boolean dashboard, boolean acceptsChanges, Map<String, JsonNode> edit) {
        try {
            var address = dashboard ? Optional.of(startDashboard()) : Optional.<String>empty();
            String page = address.map(Session::withoutToken).orElse("");
            RunMeters.describe(assembly.registry(), folder, config, kernels(), page);
            if (!config.metrics().host().isEmpty()) {
                metrics = Optional.of(startMetrics());
            }
            if (!config.webhook().url().isEmpty()) {
                Assembly.await(assembly.vertx().deployVerticle(new NoticeVerticle(bus(), folder.path(), config.webhook(), page)));
            }
            if (dashboard) {
                Assembly.await(assembly.vertx().deployVerticle(new PastVerticle(bus(), folder.path(), config.compute(), dataset)));
            }
            Assembly.await(trainer().start(false, acceptsChanges, edit));
            return address;
        } catch (CompletionException e) {
            throw e.getCause() instanceof UserError error ? error
                    : new UserError("the run could not start: " + Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
        }
    }

    /// Where metrics are served besides the dashboard, if they are.
    public Optional<String> metrics() {
        return metrics;
    }

    private String startMetrics() {
        var verticle = new MetricsVerticle(bus(), config.metrics(), assembly.registry());
        Assembly.await(assembly.vertx().deployVerticle(verticle));
        return "http://" + config.metrics().host() + ":" + verticle.port() + "/metrics";
    }

    private static String withoutToken(String address) {
        return address.replaceFirst("[?].*", "");
    }

    private String startDashboard() {
        var verticle = new DashboardVerticle(bus(), config.dashboard(), info(), kept(), assembly.registry());
        Assembly.await(assembly.vertx().deployVerticle(verticle));
        return verticle.page();
    }

    private Kept kept() {
        return new Kept(folder.metrics()::between, new FolderSamples(folder::sampled), new FolderSamples(folder::staged), new FolderEvents(folder),
                FolderRuns.beside(folder.path(), config));
    }

    private RunInfo info() {
        var centres = dataset instanceof Mixture mixture ? mixture.modes().centres() : new double[0][];
        var modes = Arrays.stream(centres).map(centre -> Arrays.stream(centre).boxed().toList()).toList();
        var data = new RunInfo.Data(dataset.name(), dataset.kind(), Arrays.stream(dataset.shape()).boxed().toList(), dataset.size(), modes,
                config.data().table() ? config.data().columnNames() : List.of());
        var objective = Objective.of(config.game().objective());
        boolean differences = objective.needsReals() || config.game().objective() == Choice.Objective.WASSERSTEIN;
        var rest = Equilibrium.of(objective, config.game().realLabel());
        var game = new RunInfo.Game(config.game().objective().written(),
                differences ? Optional.empty() : Optional.of(1 / (1 + Math.exp(-rest.logit()))), rest.lossD(), rest.lossG(),
                rest.leastD().isPresent() ? Optional.of(rest.leastD().getAsDouble()) : Optional.empty());
        return new RunInfo(RunFolders.name(folder.path()), data, game, config.live(), config.seed(), config.batch(), config.latent().size(),
                trainer().generatorParameters(), trainer().discriminatorParameters(), kernels(), Version.CURRENT, Instant.now(),
                folder.path().toString());
    }

    /// Ends the turn, saves and rests; returns the step of the checkpoint.
    public long stop() {
        return Assembly.await(trainer().stop()).step();
    }

    @Override
    public void close() {
        assembly.close();
    }
}
