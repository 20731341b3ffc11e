package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.RunFolder;
import dev.vertigan.train.Outcome;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.OpenRun;
import dev.vertigan.values.Report;
import dev.vertigan.values.Status;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// Plays a run in the terminal, from its first line to its last, and whichever the page wants to be played in its place.
final class Play {

    private static final long REDRAW_MILLIS = 100;

    private final Console console;
    private final RunMode mode;
    private final AtomicReference<Optional<Status>> status = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Report>> report = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Opened>> wanted = new AtomicReference<>(Optional.empty()); // to be played next
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private volatile int port; // of the dashboard

    /// A run that is ready to be played.
    private record Opened(RunFolder folder, RunConfig config, Dataset dataset) {}

    Play(Console console, RunMode mode) {
        this.console = console;
        this.mode = mode;
    }

    /// Plays until the run is over, or for ever if it serves a dashboard.
    ///
    /// @param folder open; closed at the end
    /// @param edit live settings to change, by path, from where the run goes on
    /// @return the process's exit code
    int play(RunFolder folder, RunConfig config, Dataset dataset, Map<String, JsonNode> edit) {
        Logging.to(config.log());
        if (config.log().format() == Choice.LogFormat.JSON) {
            console.toLog();
        }
        var code = playOne(folder, config, dataset, edit);
        while (code.isEmpty()) {
            var next = wanted.getAndSet(Optional.empty()).orElseThrow();
            status.set(Optional.empty());
            report.set(Optional.empty());
            code = playOne(next.folder, next.config, next.dataset, Map.of());
        }
        return code.getAsInt();
    }

    /// @return the exit code; empty if another run is wanted
    private OptionalInt playOne(RunFolder folder, RunConfig config, Dataset dataset, Map<String, JsonNode> edit) {
        try (var session = start(folder, config, dataset, edit)) {
            try (var _ = new Interrupts(() -> interrupt(session, folder.path()))) {
                watch(session.trainer().outcome().toCompletionStage().toCompletableFuture()).ifPresent(this::tell);
                if (wanted.get().isEmpty() && !mode.endsWithTheRun()) {
                    stay();
                }
                if (wanted.get().isEmpty()) {
                    return OptionalInt.of(session.trainer().outcome().result().failure().isPresent() ? 1 : 0);
                }
                console.settle();
                console.line(String.format(Locale.ROOT, "saved step %d; another run is wanted", session.stop()));
                return OptionalInt.empty();
            }
        }
    }

    /// Looks whether another run beside this one can be played in its place, and has it wanted.
    private OpenRun.Opening open(Path current, RunConfig config, String name) {
        try {
            Path path = current.toAbsolutePath().normalize().resolveSibling(name);
            var begun = Configurations.ofRun(path);
            var served = begun.servedAs(config, port);
            DryRun.requireMemory(served);
            var dataset = Datasets.open(served.data(), Downloads.Progress.NONE);
            var opened = new Opened(RunFolder.open(path), served, dataset);
            if (!wanted.compareAndSet(Optional.empty(), Optional.of(opened))) {
                opened.folder.close();
                throw new UserError("another run is wanted already");
            }
            return new OpenRun.Opening(name);
        } catch (UserError e) {
            throw new Failure(FailureKind.INVALID, 0, String.valueOf(e.getMessage()), "");
        }
    }

    /// A run that did not start leaves no folder behind that it was made in: the command, corrected, may use its name.
    private Session start(RunFolder folder, RunConfig config, Dataset dataset, Map<String, JsonNode> edit) {
        Session session = null;
        try {
            session = new Session(folder, config, dataset);
            session.bus().listen(Addresses.STATUS, Status.class, now -> status.set(Optional.of(now)));
            session.bus().listen(Addresses.REPORTS, Report.class, last -> report.set(Optional.of(last)));
            var playing = session;
            session.bus().serveLater(OpenRun.class, asked -> playing.vertx().executeBlocking(() -> open(folder.path(), config, asked.name()), false));
            var address = session.start(mode.dashboard(), mode.acceptsChanges(), edit);
            introduce(folder.path(), config, dataset, session, address);
            return session;
        } catch (RuntimeException | Error e) {
            if (session != null) {
                session.close();
            }
            folder.abandon();
            throw e;
        }
    }

    private void introduce(Path path, RunConfig config, Dataset dataset, Session session, Optional<String> address) {
        String shape = Arrays.stream(dataset.shape()).mapToObj(Integer::toString).collect(Collectors.joining("×"));
        console.line(String.format(Locale.ROOT, "data       %s, %s, %,d an epoch", dataset.name(), shape, dataset.size()));
        console.line(String.format(Locale.ROOT, "networks   G learns %,d weights, D %,d; minibatches of %d; seed %d",
                session.trainer().generatorParameters(),
                session.trainer().discriminatorParameters(), config.batch(), config.seed()));
        console.line("compute    " + session.kernels());
        console.line("run        " + path);
        boolean logged = config.log().format() == Choice.LogFormat.JSON; // a log is no place for a token
        port = address.map(url -> URI.create(url).getPort()).orElse(0);
        address.ifPresent(url -> console.line("dashboard  " + (logged ? url.replaceFirst("[?].*", "") : url)));
        session.metrics().ifPresent(url -> console.line("metrics    " + url));
        session.trainer().notices().forEach(console::error);
    }

    /// Shows how the run goes until it is over, or another is wanted.
    private Optional<Outcome> watch(CompletableFuture<Outcome> outcome) {
        while (!outcome.isDone() && wanted.get().isEmpty()) {
            draw();
            pause();
        }
        draw();
        console.settle();
        return outcome.isDone() ? Optional.of(outcome.join()) : Optional.empty();
    }

    private void tell(Outcome outcome) {
        outcome.weightsSha256().ifPresent(sha256 -> console.line("weights sha256 " + sha256));
        outcome.failure().ifPresent(failure -> console.error(
                String.format(Locale.ROOT, "stopped at step %d: %s. %s", failure.step(), failure.message().replaceFirst("\\.$", ""),
                        failure.advice())));
    }

    /// Serves the dashboard until another run is wanted: people may play on from it.
    private void stay() {
        console.line("the dashboard stays until Ctrl-C");
        while (wanted.get().isEmpty()) {
            status.get().filter(now -> now.state() == Status.State.RUNNING).ifPresent(_ -> draw());
            pause();
        }
    }

    private void draw() {
        status.get().ifPresent(now -> console.live(ProgressLine.of(now, report.get())));
    }

    private void pause() {
        try {
            if (interrupted.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS)) {
                new CountDownLatch(1).await(); // the other thread ends the process
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void interrupt(Session session, Path path) {
        interrupted.countDown();
        console.settle();
        console.line("stopping after this turn… (Ctrl-C again ends at once, unsaved)");
        try {
            console.line(String.format(Locale.ROOT, "saved step %d", session.stop()));
            console.line("resume with: vertigan resume " + path);
            session.close();
        } catch (UserError e) {
            console.error(e.getMessage());
        } catch (RuntimeException | Error e) {
            console.error(String.format(Locale.ROOT, "not saved: %s. The last good checkpoint stands; resume with: vertigan resume %s",
                    e.getMessage(), path));
        }
        console.drain();
        Logging.end();
    }
}
