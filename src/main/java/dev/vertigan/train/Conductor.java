package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.StateRequest.GetPortrait;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.bus.StateRequest.Paint;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.RunConfig;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/// Leads the run: plays turn after turn, and between two turns does what people ask.
///
/// It is the only place that knows the run's state. It computes nothing, and shares the players' thread: a turn's messages then never
/// wait for another thread to wake, which is most of what a bus costs.
final class Conductor extends VerticleBase {

    private static final long STATUS_MILLIS = 1_000;

    private final Bus bus;
    private final Turns turns;
    private final Edits edits;
    private final Progress progress;
    private final Checkpointing checkpointing;
    private final TrainingMeters meters;
    private final boolean atRest;
    private final Promise<Outcome> outcome;
    private final Queue<Asked> asked = new ArrayDeque<>();

    private State state = State.STARTING;
    private Optional<Status.Failure> failure = Optional.empty();
    private boolean spoilt; // the players' state must be restored before they play on
    private boolean busy; // a turn or a command is under way
    private Future<?> painting = Future.succeededFuture();
    private final Promise<Void> underway = Promise.promise(); // the first turn is over, or is not what was asked for
    private long goal = Long.MAX_VALUE; // turns after which to stop, if the run does not end before
    private Promise<Status> stepping = Promise.promise(); // of whoever asked for these turns

    private record Asked(Command command, Promise<Status> answer) {}

    /// @param atRest whether it waits for resume or step before the first turn
    Conductor(Bus bus, RunConfig config, Edits edits, Progress progress, Checkpointing checkpointing, TrainingMeters meters, boolean atRest,
            Promise<Outcome> outcome) {
        this.bus = bus;
        this.turns = new Turns(bus, config.game());
        this.edits = edits;
        this.progress = progress;
        this.checkpointing = checkpointing;
        this.meters = meters;
        this.atRest = atRest;
        this.outcome = outcome;
    }

    @Override
    public Future<?> start() {
        bus.serve(Command.GetStatus.class, _ -> status());
        bus.serveLater(Command.Stop.class, this::ask);
        bus.serveLater(Command.Resume.class, this::ask);
        bus.serveLater(Command.Step.class, this::ask);
        bus.serveLater(Command.SaveCheckpoint.class, this::ask);
        bus.serveLater(Command.Edit.class, this::ask);
        vertx.setPeriodic(STATUS_MILLIS, _ -> publish());
        checkpointing.onFailure(cause -> fail(unsaved(cause)));
        progress.config(edits.after(progress.step()));
        busy = true;
        context.runOnContext(_ -> begin());
        return Future.succeededFuture();
    }

    /// The first checkpoint is of the very beginning, so that there always is one to go back to. It is written, and the first picture painted,
    /// when the first turn is over: until then all cores are busy compiling what that turn calls.
    private void begin() {
        paint(underway.future());
        (checkpointing.has(progress.step()) ? Future.<Void>succeededFuture() : checkpointing.capture(progress, underway.future()))
                .onSuccess(_ -> become(atRest && progress.step() < end() ? State.STOPPED : State.RUNNING))
                .onComplete(this::idle);
    }

    private Future<Status> ask(Command command) {
        var answer = Promise.<Status>promise();
        asked.add(new Asked(command, answer));
        next();
        return answer.future();
    }

    /// The time between two turns.
    private void next() {
        if (busy) {
            return;
        }
        var command = asked.poll();
        boolean plays = state == State.RUNNING && progress.step() < Math.min(goal, end());
        if (command != null || !plays) {
            underway.tryComplete();
        }
        if (command != null) {
            busy = true;
            obeyed(command.command).onComplete(done -> {
                // A step is answered when its turns are made, which they can only be once this command is done with.
                (done.succeeded() && command.command instanceof Command.Step ? stepping.future() : done(done)).onComplete(command.answer);
                idle(Future.succeededFuture());
            });
        } else if (plays) {
            busy = true;
            turn().onComplete(this::idle);
        } else if (state == State.RUNNING) {
            busy = true;
            boolean finished = progress.step() >= end();
            rest(finished ? State.FINISHED : State.STOPPED, finished ? "finish" : "stop").onComplete(this::idle);
        }
    }

    private static Future<Status> done(AsyncResult<Status> result) {
        return result.succeeded() ? Future.succeededFuture(result.result()) : Future.failedFuture(result.cause());
    }

    private <T> void idle(AsyncResult<T> done) {
        busy = false;
        if (done.failed()) {
            fail(Failure.of(done.cause()));
        }
        next();
    }

    private Future<Void> turn() {
        long step = progress.step() + 1;
        long start = System.nanoTime();
        return turns.play(step, progress.batches(), progress.config(), progress.reportDue()).onFailure(_ -> spoilt = true).compose(turn -> {
            meters.turn(System.nanoTime() - start, turn.minibatches() * progress.config().batch());
            underway.tryComplete(); // the first checkpoint is written before the first report
            progress.played(turn).ifPresent(report -> bus.publish(Addresses.REPORTS, report));
            if (edits.at(step)) {
                progress.config(edits.after(step));
            }
            if (step % progress.config().samples().every() == 0 && painting.isComplete()) {
                paint();
            }
            return step % progress.config().checkpoint().every() == 0 ? capture() : Future.succeededFuture();
        });
    }

    private Future<Void> capture() {
        long start = System.nanoTime();
        return checkpointing.capture(progress, Future.succeededFuture()).onComplete(_ -> meters.blockedByCheckpoint(System.nanoTime() - start));
    }

    private Future<Status> obeyed(Command command) {
        try {
            return obey(command);
        } catch (InvalidEdit e) {
            return Future.failedFuture(Failure.of(e));
        }
    }

    private Future<Status> obey(Command command) {
        return switch (command) {
            case Command.GetStatus _ -> Future.succeededFuture(status());
            case Command.Stop _ -> state == State.RUNNING ? rest(State.STOPPED, "stop").map(_ -> status()) : Future.succeededFuture(status());
            case Command.Resume _ -> play(Long.MAX_VALUE);
            case Command.Step(long count) -> state == State.RUNNING
                    ? conflict("expected a stopped run to step, found it running", "stop it first")
                    : play(progress.step() + count);
            case Command.SaveCheckpoint _ -> spoilt
                    ? conflict("expected a sound run to save, found it failed", "resume goes back to the newest checkpoint")
                    : checkpointing.save(progress).onFailure(_ -> meters.checkpointFailed()).map(_ -> status());
            case Command.Edit(var assignments) -> edit(assignments);
        };
    }

    /// Goes on up to a step, from the newest checkpoint if the players' state is spoilt.
    private Future<Status> play(long until) {
        if (state == State.RUNNING) {
            goal = until;
            return Future.succeededFuture(status());
        }
        if (!spoilt && progress.step() >= end()) {
            return conflict(String.format(Locale.ROOT, "expected turns left to play, found all %d made", end()),
                    "give it more steps, and resume it");
        }
        return (spoilt ? rollBack() : Future.<Void>succeededFuture())
                .compose(_ -> bus.ask(new Note(progress.step(), "resume", Map.of())))
                .map(_ -> {
                    goal = Math.max(until, progress.step() + 1);
                    stepping = Promise.promise();
                    failure = Optional.empty();
                    become(State.RUNNING);
                    return status();
                });
    }

    private Future<Void> rollBack() {
        return checkpointing.rollBack(progress).map(_ -> {
            spoilt = false;
            meters.rollback();
            edits.rollBack(progress.step());
            progress.config(edits.after(progress.step()));
            return null;
        }).compose(_ -> bus.ask(new Note(progress.step(), "rollback", Map.of()))).mapEmpty();
    }

    /// Nothing is written before the whole edit is known to fit.
    private Future<Status> edit(Map<String, JsonNode> assignments) {
        long step = spoilt ? checkpointing.newest().orElse(0L) : progress.step();
        edits.after(step).with(assignments);
        return bus.ask(new Note(step, "edit", assignments)).map(_ -> {
            edits.add(step, assignments);
            progress.config(edits.after(step));
            if (state == State.FINISHED && progress.step() < end()) {
                become(State.STOPPED);
            }
            publish();
            return status();
        });
    }

    /// Saves, then rests in that state.
    private Future<Void> rest(State rest, String kind) {
        var painted = painting.otherwiseEmpty().compose(_ -> paint()).otherwiseEmpty();
        return checkpointing.save(progress)
                .recover(cause -> Future.failedFuture(unsaved(cause)))
                .compose(saved -> painted.map(saved))
                .compose(saved -> bus.ask(new Note(progress.step(), kind, Map.of())).map(saved))
                .map(saved -> {
                    become(rest);
                    stepping.tryComplete(status());
                    if (rest == State.FINISHED) {
                        outcome.tryComplete(new Outcome(Optional.of(saved.sha256()), Optional.empty()));
                    }
                    return null;
                });
    }

    /// A checkpoint could not be written, which leaves the players as they are.
    private Failure unsaved(Throwable cause) {
        meters.checkpointFailed();
        var failure = Failure.of(cause);
        return new Failure(failure.kind(), progress.step(), failure.getMessage(), thenResume(failure, "the run goes on where it is"));
    }

    private void fail(Failure cause) {
        if (cause.kind() == FailureKind.NON_FINITE) {
            meters.nonFinite();
            spoilt = true; // also if a checkpoint was the first to notice
        }
        long step = cause.step() > 0 ? cause.step() : progress.step() + (spoilt ? 1 : 0);
        var advice = spoilt
                ? thenResume(cause, String.format(Locale.ROOT, "the run goes back to its checkpoint of step %d", checkpointing.newest().orElse(0L)))
                : cause.advice();
        failure = Optional.of(new Status.Failure(cause.kind(), step, cause.getMessage(), advice));
        bus.ask(new Note(progress.step(), "failure",
                Map.of("kind", TextNode.valueOf(cause.kind().name()), "message", TextNode.valueOf(cause.getMessage()))));
        become(State.FAILED);
        stepping.tryFail(cause);
        outcome.tryComplete(new Outcome(Optional.empty(), failure));
    }

    private static String thenResume(Failure cause, String effect) {
        return (cause.advice().isEmpty() ? "resume: " : cause.advice() + ", then resume: ") + effect;
    }

    private <T> Future<T> conflict(String message, String advice) {
        return Future.failedFuture(new Failure(FailureKind.CONFLICT, progress.step(), message + "; " + advice, advice));
    }

    private void become(State next) {
        state = next;
        progress.pause();
        publish();
    }

    private Future<?> paint() {
        return paint(Future.succeededFuture());
    }

    /// Has a picture painted of the generator as it is, when its time has come; nobody waits for it but the end.
    private Future<?> paint(Future<Void> time) {
        long step = progress.step();
        painting = bus.ask(new GetPortrait()).compose(portrait -> time.compose(_ -> bus.ask(new Paint(step, portrait))));
        return painting;
    }

    private long end() {
        long steps = progress.config().steps();
        return steps == 0 ? Long.MAX_VALUE : steps;
    }

    private void publish() {
        bus.publish(Addresses.STATUS, status());
    }

    private Status status() {
        boolean running = state == State.RUNNING;
        long steps = progress.config().steps();
        return new Status(state, progress.step(), steps, progress.epoch(), running ? progress.imagesPerSecond() : 0,
                running && steps > 0 ? progress.secondsTo(steps) : Optional.empty(), checkpointing.newest(), progress.config().live(), failure);
    }
}
