package dev.vertigan.train;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.values.Audience;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Findings;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import dev.vertigan.values.Tempo;
import dev.vertigan.values.Tempo.Learner;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/// Leads the run: one thing at a time, turn after turn, and between two turns what was asked for, in order.
///
/// It computes nothing, and shares the players' thread: a turn's messages then never wait for another thread to wake, which is most of what
/// a bus costs.
final class Conductor extends VerticleBase {

    private static final long STATUS_MILLIS = 1_000;

    private final Bus bus;
    private final Pacing pacing;
    private final Messages messages;
    private final Turns turns;
    private final Edits edits;
    private final Progress progress;
    private final Checkpointing checkpointing;
    private final Painting painting;
    private final Evaluating evaluating;
    private final Looking looking;
    private final Standing standing;
    private final Controls controls;
    private final TrainingMeters meters;
    private final boolean atRest;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final Promise<Void> underway = Promise.promise(); // the first turn is over, or is not what was asked for
    private boolean busy; // a turn or a command is under way
    private int pages; // that look

    private record Asked(Command command, Promise<Status> answer) {}

    /// @param atRest whether it waits for resume or step before the first turn
    /// @param images whether that is what is played with
    /// @param outcome see [Standing]
    Conductor(Bus bus, Edits edits, Progress progress, Checkpointing checkpointing, TrainingMeters meters, boolean atRest,
            boolean images, Promise<Outcome> outcome) {
        this.bus = bus;
        this.edits = edits;
        this.progress = progress;
        this.checkpointing = checkpointing;
        this.meters = meters;
        this.atRest = atRest;
        progress.config(edits.after(progress.step()));
        pacing = new Pacing((millis, action) -> vertx.setTimer(millis, _ -> action.run()), this::held);
        messages = new Messages(bus, pacing, this::learned);
        turns = new Turns(messages, progress.config());
        painting = new Painting(bus, images, () -> progress.config().game());
        evaluating = new Evaluating(bus, Contest.measurable(progress.config()) || LiveRating.possible(progress.config()),
                progress::found);
        looking = new Looking(bus);
        standing = new Standing(bus, progress, checkpointing, meters, outcome);
        controls = new Controls(bus, standing, edits, progress, checkpointing, painting, evaluating, pacing, meters);
    }

    @Override
    public Future<?> start() {
        bus.serve(Command.GetStatus.class, _ -> standing.status());
        bus.serveLater(Command.Stop.class, this::ask);
        bus.serveLater(Command.Resume.class, this::ask);
        bus.serveLater(Command.Step.class, this::ask);
        bus.serveLater(Command.Advance.class, this::ask);
        bus.serve(Command.SetPace.class, command -> pace(command.turnsPerSecond()));
        bus.serveLater(Command.SaveCheckpoint.class, this::ask);
        bus.serveLater(Command.Bookmark.class, this::ask);
        bus.serveLater(Command.RollBack.class, this::ask);
        bus.serveLater(Command.Finish.class, this::ask);
        bus.serveLater(Command.Edit.class, this::ask);
        bus.listen(Addresses.AUDIENCE, Audience.class, this::watchedBy);
        bus.listen(Addresses.STANDING, Findings.class, found -> standing.found(found.standing()));
        vertx.setPeriodic(STATUS_MILLIS, _ -> tell());
        checkpointing.onFailure(cause -> fail(standing.unsaved(cause)));
        busy = true;
        context.runOnContext(_ -> begin());
        return Future.succeededFuture();
    }

    /// The first checkpoint is of the very beginning, so that there always is one to go back to. It is written, and the first picture painted,
    /// when the first turn is over: until then all cores are busy compiling what that turn calls.
    private void begin() {
        painting.paint(progress.step(), underway.future());
        (checkpointing.has(progress.step()) ? Future.<Void>succeededFuture() : checkpointing.capture(progress, underway.future()))
                .onSuccess(_ -> standing.become(atRest && progress.step() < progress.end() ? State.STOPPED : State.RUNNING))
                .onComplete(this::idle);
    }

    private Future<Status> ask(Command command) {
        var answer = Promise.<Status>promise();
        asked.add(new Asked(command, answer));
        if (busy && standing.is(State.RUNNING) && !(command instanceof Command.Advance)) {
            pacing.hurry();
        }
        next();
        return answer.future();
    }

    /// The time between two turns.
    private void next() {
        if (busy) {
            goOnInside();
            return;
        }
        var next = asked.poll();
        boolean plays = controls.plays();
        if (next != null || !plays) {
            underway.tryComplete();
        }
        busy = next != null || standing.is(State.RUNNING);
        if (next != null) {
            controls.obey(next.command).onComplete(done -> {
                (done.succeeded() ? controls.answer(next.command, done.result()) : Future.<Status>failedFuture(done.cause()))
                        .onComplete(next.answer);
                idle(Future.succeededFuture());
            });
        } else if (plays) {
            turn().onComplete(this::idle);
        } else if (busy) {
            controls.rest(Optional.empty()).onComplete(this::idle);
        }
    }

    /// A turn that is held goes on with what was asked.
    private void goOnInside() {
        var next = asked.peek();
        if (next != null && pacing.held().isPresent()) {
            var answer = controls.answer(next.command, standing.status());
            if (controls.obeyInside(next.command)) {
                asked.remove();
                answer.onComplete(next.answer);
            }
            tellTempo();
        }
    }

    private void held() {
        controls.hold();
        tellTempo();
        goOnInside();
    }

    private Status pace(double turnsPerSecond) {
        pacing.pace(turnsPerSecond);
        tellTempo();
        return standing.status();
    }

    /// Of a player, in a turn that someone follows.
    private void learned(Learner who) {
        if (who == Learner.DISCRIMINATOR) {
            painting.glimpse(progress.step());
        }
    }

    private void tell() {
        standing.publish();
        if (pages > 0) {
            tellTempo();
            bus.publish(Addresses.PULSE, messages.pulse());
        }
    }

    private void tellTempo() {
        bus.publish(Addresses.TEMPO, new Tempo(pacing.turnsPerSecond(), pacing.held()));
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
        boolean followed = messages.shown();
        looking.before(step, progress.config().report().layers());
        boolean measured = followed || progress.reportDue();
        return turns.play(step, progress.batches(), progress.config(), measured).onFailure(_ -> {
            messages.turnOver();
            standing.spoil();
        }).compose(turn -> {
            meters.turn(System.nanoTime() - start - messages.turnOver(), turn.minibatches() * progress.config().batch());
            looking.after(step);
            underway.tryComplete(); // the first checkpoint is written before the first report
            progress.played(turn).ifPresent(report -> bus.publish(Addresses.REPORTS, report));
            if (edits.at(step)) {
                progress.config(edits.after(step));
            }
            if (Painting.due(step, progress.config().samples().every())) {
                painting.paint(step);
            }
            if (followed) {
                painting.show();
            }
            painting.welcome(step);
            evaluating.turn(step, progress.config());
            return step % progress.config().checkpoint().every() == 0 ? capture() : Future.succeededFuture();
        });
    }

    /// Nobody waits for turns that nobody looks at.
    private void watchedBy(Audience audience) {
        pages = audience.pages();
        messages.watched(pages > 0);
        if (pages == 0 && pacing.turnsPerSecond() > 0) {
            pacing.pace(0);
        }
        if (progress.config().game().pack() > 1) { // scenes are of single samples
            return;
        }
        painting.watchedBy(audience);
        if (!busy) {
            painting.welcome(progress.step());
        }
    }

    private Future<Void> capture() {
        long start = System.nanoTime();
        return checkpointing.capture(progress, Future.succeededFuture()).onComplete(_ -> meters.blockedByCheckpoint(System.nanoTime() - start));
    }

    private void fail(Failure cause) {
        bus.ask(new Note(progress.step(), "failure",
                Map.of("kind", TextNode.valueOf(cause.kind().name()), "message", TextNode.valueOf(cause.getMessage()))));
        if (cause.kind() == FailureKind.NON_FINITE) {
            standing.nonFinite();
            if (progress.config().game().branch() < progress.config().evaluation().rollbacks()) {
                Promise<Status> back = Promise.promise();
                asked.addFirst(new Asked(new Command.RollBack(progress.step(), String.valueOf(cause.getMessage())), back));
                back.future().onFailure(e -> stand(Failure.of(e)));
                next();
                return;
            }
        }
        stand(cause);
    }

    private void stand(Failure cause) {
        standing.fail(cause);
        controls.giveUp(cause);
    }
}
