package dev.vertigan.notice;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.config.RunConfig;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Hears how the run stands and posts what people want to be told: that it finished, failed or stalled, that its disk is nearly full,
/// and what is found in its reports.
/// Each once, until it has passed.
public final class NoticeVerticle extends VerticleBase {

    private static final double NEARLY_FULL = 0.05; // of the disk that is left, as in the alert rule
    private static final long DISK_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final Bus bus;
    private final Path folder;
    private final String page;
    private final long stalledNanos;
    private final URI address;
    private final Duration pause;
    private Webhook webhook;
    private Optional<Status> last = Optional.empty();
    private long movedNanos;
    private boolean stalled;
    private boolean nearlyFull;

    /// @param folder the run's
    /// @param page where a browser sees the run, without a token; empty if nowhere
    public NoticeVerticle(Bus bus, Path folder, RunConfig.Webhook config, String page) {
        this(bus, folder, config, page, Duration.ofSeconds(2));
    }

    /// @param pause before the second attempt to post
    NoticeVerticle(Bus bus, Path folder, RunConfig.Webhook config, String page, Duration pause) {
        this.bus = bus;
        this.folder = folder;
        this.page = page;
        this.pause = pause;
        stalledNanos = (long) (config.stalledAfter() * TimeUnit.MINUTES.toNanos(1));
        address = URI.create(config.url());
    }

    @Override
    public Future<?> start() {
        webhook = new Webhook(address, pause);
        movedNanos = System.nanoTime();
        bus.listen(Addresses.STATUS, Status.class, this::status);
        bus.listen(Addresses.FINDINGS, Finding.class,
                finding -> post(Notice.Kind.FINDING, finding.step(), finding.message(), finding.advice()));
        vertx.setPeriodic(Math.max(1, TimeUnit.NANOSECONDS.toMillis(stalledNanos / 10)), _ -> checkMoving());
        vertx.setPeriodic(0, DISK_MILLIS, _ -> vertx.executeBlocking(this::freeShare, false).onSuccess(this::checkDisk));
        return Future.succeededFuture();
    }

    /// What is to be told is told before the process ends.
    @Override
    public Future<?> stop() {
        return vertx.executeBlocking(() -> {
            webhook.close();
            return null;
        });
    }

    private void status(Status now) {
        if (last.map(Status::step).filter(step -> step == now.step()).isEmpty() || now.state() != State.RUNNING) {
            movedNanos = System.nanoTime();
            stalled = false;
        }
        if (last.map(Status::state).filter(state -> state == now.state()).isEmpty()) {
            switch (now.state()) {
                case FINISHED -> post(Notice.Kind.FINISHED, now.step(), now.reason().orElse("all turns are made"), "");
                case FAILED -> now.failure().ifPresent(failure -> post(Notice.Kind.FAILED, now.step(), failure.message(), failure.advice()));
                case STARTING, RUNNING, STOPPED -> {}
            }
        }
        last = Optional.of(now);
    }

    /// By a clock of its own, since a run that hangs says nothing.
    private void checkMoving() {
        last.filter(now -> now.state() == State.RUNNING && !stalled && System.nanoTime() - movedNanos >= stalledNanos).ifPresent(now -> {
            stalled = true;
            post(Notice.Kind.STALLED, now.step(), String.format(Locale.ROOT, "it says that it is running, and has made no turn for %s",
                    Duration.ofNanos(stalledNanos).toString().substring(2).toLowerCase(Locale.ROOT)),
                    "look at its page and its log; see docs/runbook.md");
        });
    }

    private double freeShare() throws IOException {
        var disk = Files.getFileStore(folder);
        return (double) disk.getUsableSpace() / disk.getTotalSpace();
    }

    private void checkDisk(double free) {
        if (free < NEARLY_FULL && !nearlyFull) {
            post(Notice.Kind.ALARM, last.map(Status::step).orElse(0L),
                    String.format(Locale.ROOT, "%.1f %% of the disk of %s are left", 100 * free, folder),
                    "make room: checkpoints will fail without it");
        }
        nearlyFull = free < NEARLY_FULL;
    }

    private void post(Notice.Kind kind, long step, String message, String advice) {
        webhook.post(new Notice(kind, folder.toAbsolutePath().normalize().getFileName().toString(), step, message, advice, page, Instant.now()));
    }
}
