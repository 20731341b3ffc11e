package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the run stands: its state, why it failed if it did, and whether the players may play on as they are. Everyone is told when it changes.
final class Standing {

    private final Bus bus;
    private final Progress progress;
    private final Checkpointing checkpointing;
    private final TrainingMeters meters;
    private final Promise<Outcome> outcome;
    private State state = State.STARTING;
    private Optional<Status.Failure> failure = Optional.empty();
    private Optional<String> reason = Optional.empty(); // why it ended before all turns were made
    private List<Finding> findings = List.of(); // that stand
    private boolean spoilt; // the players' state must be restored before they play on

    /// @param outcome completed when the run has made all its turns or failed, whichever is first
    Standing(Bus bus, Progress progress, Checkpointing checkpointing, TrainingMeters meters, Promise<Outcome> outcome) {
        this.bus = bus;
        this.progress = progress;
        this.checkpointing = checkpointing;
        this.meters = meters;
        this.outcome = outcome;
    }

    boolean is(State wanted) {
        return state == wanted;
    }

    void become(State next) {
        state = next;
        progress.pause();
        publish();
    }

    /// All turns are made, or no more are to be.
    ///
    /// @param why, if some are not made
    /// @param sha256 of the state they led to
    void finish(Optional<String> why, String sha256) {
        reason = why;
        become(State.FINISHED);
        outcome.tryComplete(new Outcome(Optional.of(sha256), Optional.empty()));
    }

    /// Runs, whatever was wrong before.
    void run() {
        failure = Optional.empty();
        reason = Optional.empty();
        become(State.RUNNING);
    }

    /// A turn broke off, so nobody knows what the players' state is.
    void spoil() {
        spoilt = true;
    }

    /// The players' state is that of a checkpoint again.
    void restored() {
        spoilt = false;
        failure = Optional.empty();
    }

    boolean spoilt() {
        return spoilt;
    }

    /// Counts a value that is not finite.
    void nonFinite() {
        meters.nonFinite();
        spoilt = true; // also if a checkpoint was the first to notice
    }

    /// What stands of what was found in the reports.
    void found(List<Finding> standing) {
        findings = List.copyOf(standing);
        publish();
    }

    void fail(Failure cause) {
        long step = cause.step() > 0 ? cause.step() : progress.step() + (spoilt ? 1 : 0);
        var advice = spoilt
                ? thenResume(cause, String.format(Locale.ROOT, "the run goes back to its checkpoint of step %d", checkpointing.newest().orElse(0L)))
                : cause.advice();
        var found = new Status.Failure(cause.kind(), step, cause.getMessage(), advice);
        failure = Optional.of(found);
        become(State.FAILED);
        outcome.tryComplete(new Outcome(Optional.empty(), failure));
    }

    /// A checkpoint could not be written, which leaves the players as they are.
    Failure unsaved(Throwable cause) {
        meters.checkpointFailed();
        var found = Failure.of(cause);
        return new Failure(found.kind(), progress.step(), found.getMessage(), thenResume(found, "the run goes on where it is"));
    }

    private static String thenResume(Failure cause, String effect) {
        return (cause.advice().isEmpty() ? "resume: " : cause.advice() + ", then resume: ") + effect;
    }

    /// What was asked for does not go with how the run stands.
    Failure conflict(String message, String advice) {
        return new Failure(FailureKind.CONFLICT, progress.step(), message + "; " + advice, advice);
    }

    void publish() {
        bus.publish(Addresses.STATUS, status());
    }

    Status status() {
        boolean running = state == State.RUNNING;
        long steps = progress.config().steps();
        return new Status(state, progress.step(), steps, progress.epoch(), running ? progress.imagesPerSecond() : 0,
                running && steps > 0 ? progress.secondsTo(steps) : Optional.empty(), checkpointing.newest(), progress.undone(),
                progress.config().live(),
                failure, reason, findings);
    }
}
