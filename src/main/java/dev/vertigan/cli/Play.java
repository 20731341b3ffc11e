package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.run.RunFolder;
import dev.vertigan.train.Outcome;
import dev.vertigan.values.Report;
import dev.vertigan.values.Status;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// Plays a run in the terminal, from its first line to its last.
final class Play {

    private static final long REDRAW_MILLIS = 100;

    private final Console console;
    private final RunMode mode;
    private final AtomicReference<Optional<Status>> status = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Report>> report = new AtomicReference<>(Optional.empty());
    private final CountDownLatch interrupted = new CountDownLatch(1);

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
        try (var session = start(folder, config, dataset, edit)) {
            try (var _ = new Interrupts(() -> interrupt(session, folder.path()))) {
                var outcome = watch(session.trainer().outcome().toCompletionStage().toCompletableFuture());
                return finish(outcome);
            }
        }
    }

    /// A run that did not start leaves no folder behind that it was made in: the command, corrected, may use its name.
    private Session start(RunFolder folder, RunConfig config, Dataset dataset, Map<String, JsonNode> edit) {
        Session session = null;
        try {
            session = new Session(folder, config, dataset);
            session.bus().listen(Addresses.STATUS, Status.class, now -> status.set(Optional.of(now)));
            session.bus().listen(Addresses.REPORTS, Report.class, last -> report.set(Optional.of(last)));
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
        address.ifPresent(url -> console.line("dashboard  " + (logged ? url.replaceFirst("[?].*", "") : url)));
        session.metrics().ifPresent(url -> console.line("metrics    " + url));
        session.trainer().notices().forEach(console::error);
    }

    /// Shows how the run goes until it is over.
    private Outcome watch(CompletableFuture<Outcome> outcome) {
        while (!outcome.isDone()) {
            draw();
            pause();
        }
        draw();
        console.settle();
        return outcome.join();
    }

    private int finish(Outcome outcome) {
        outcome.weightsSha256().ifPresent(sha256 -> console.line("weights sha256 " + sha256));
        outcome.failure().ifPresent(failure -> console.error(
                String.format(Locale.ROOT, "stopped at step %d: %s. %s", failure.step(), failure.message().replaceFirst("\\.$", ""),
                        failure.advice())));
        if (!mode.endsWithTheRun()) {
            console.line("the dashboard stays until Ctrl-C");
            while (true) { // people may play on from the dashboard
                status.get().filter(now -> now.state() == Status.State.RUNNING).ifPresent(_ -> draw());
                pause();
            }
        }
        return outcome.failure().isPresent() ? 1 : 0;
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
