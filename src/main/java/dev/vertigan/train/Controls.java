package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.StateRequest.BeginBranch;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.bus.StateRequest.Saved;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.values.Command;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each [Command] does to a run between two of its turns.
final class Controls {

    private static final Logger LOG = LoggerFactory.getLogger(Controls.class);

    private final Bus bus;
    private final Standing standing;
    private final Edits edits;
    private final Progress progress;
    private final Checkpointing checkpointing;
    private final Painting painting;
    private final Evaluating evaluating;
    private final Pacing pacing;
    private final TrainingMeters meters;

    private long goal = Long.MAX_VALUE; // turns after which to stop, if the run does not end before
    private Promise<Status> stepping = Promise.promise(); // of whoever asked for these turns
    private Promise<Status> held = Promise.promise(); // of whoever steps through one

    Controls(Bus bus, Standing standing, Edits edits, Progress progress, Checkpointing checkpointing, Painting painting, Evaluating evaluating,
            Pacing pacing,
            TrainingMeters meters) {
        this.bus = bus;
        this.standing = standing;
        this.edits = edits;
        this.progress = progress;
        this.checkpointing = checkpointing;
        this.painting = painting;
        this.evaluating = evaluating;
        this.pacing = pacing;
        this.meters = meters;
    }

    /// Whether the next turn is to be played.
    boolean plays() {
        return standing.is(State.RUNNING) && progress.step() < Math.min(goal, progress.end());
    }

    /// Completes when the command took effect, between two turns.
    Future<Status> obey(Command command) {
        try {
            return switch (command) {
                case Command.GetStatus _ -> Future.succeededFuture(standing.status());
                case Command.Stop _ ->
                    standing.is(State.RUNNING) ? rest(Optional.empty()).map(_ -> standing.status()) : Future.succeededFuture(standing.status());
                case Command.Resume _ -> play(Long.MAX_VALUE);
                case Command.Step(long count) -> standing.is(State.RUNNING)
                        ? conflict("expected a stopped run to step, found it running", "stop it first")
                        : play(progress.step() + count);
                case Command.Advance(var part) -> advance(part);
                case Command.SetPace _ -> Future.succeededFuture(standing.status());
                case Command.SaveCheckpoint _ -> save().map(_ -> standing.status());
                case Command.Bookmark(String name) -> save().compose(saved -> bus.ask(new Note(saved.step(), "bookmark",
                        Map.of("name", TextNode.valueOf(name))))).map(_ -> standing.status());
                case Command.Edit(var assignments) -> edit(assignments);
                case Command.RollBack(long step, String reason) -> branch(step, reason);
                case Command.Finish(String reason) -> standing.is(State.RUNNING) ? rest(Optional.of(reason)).map(_ -> standing.status())
                        : conflict("expected a running run to end, found it at rest", "there is nothing to do");
            };
        } catch (InvalidEdit e) {
            return Future.failedFuture(Failure.of(e));
        }
    }

    /// Into the next turn.
    private Future<Status> advance(Command.Part part) {
        return plays() ? conflict("expected a stopped run to step into a turn, found it running", "stop it first")
                : play(progress.step() + 1).onSuccess(_ -> pacing.advance(part));
    }

    /// The turn is held: goes on within it, or hurries to its end, before which no other command is acted on.
    ///
    /// @return whether the command has been obeyed
    boolean obeyInside(Command command) {
        standing.become(State.RUNNING);
        switch (command) {
            case Command.Advance(var part) -> pacing.advance(part);
            case Command.Step(long count) -> {
                goal = progress.step() + count;
                pacing.hurry();
            }
            default -> {
                pacing.hurry();
                return false;
            }
        }
        return true;
    }

    /// The turn is held.
    void hold() {
        standing.become(State.STOPPED);
        held.tryComplete(standing.status());
        held = Promise.promise();
    }

    private Future<Saved> save() {
        return standing.spoilt()
                ? conflict("expected a sound run to save, found it failed", "resume goes back to the newest checkpoint")
                : checkpointing.save(progress).onFailure(_ -> meters.checkpointFailed());
    }

    /// When the answer to a command that took effect is due: a step's when its turns are made, or its part of one.
    Future<Status> answer(Command command, Status effect) {
        return switch (command) {
            case Command.Step _ -> stepping.future();
            case Command.Advance _ -> Future.any(held.future(), stepping.future()).map(_ -> standing.status());
            default -> Future.succeededFuture(effect);
        };
    }

    /// The turns asked for will not be made.
    void giveUp(Failure cause) {
        stepping.tryFail(cause);
        held.tryFail(cause);
        held = Promise.promise();
    }

    /// Goes on up to a step, from the newest checkpoint if the players' state is spoilt.
    private Future<Status> play(long until) {
        if (standing.is(State.RUNNING)) {
            goal = until;
            return Future.succeededFuture(standing.status());
        }
        if (!standing.spoilt() && progress.step() >= progress.end()) {
            return conflict(String.format(Locale.ROOT, "expected turns left to play, found all %d made", progress.end()),
                    "give it more steps, and resume it");
        }
        return (standing.spoilt() ? rollBack() : Future.<Void>succeededFuture())
                .compose(_ -> bus.ask(new Note(progress.step(), "resume", Map.of())))
                .map(_ -> {
                    goal = Math.max(until, progress.step() + 1);
                    stepping = Promise.promise();
                    standing.run();
                    return standing.status();
                });
    }

    private Future<Void> rollBack() {
        return checkpointing.rollBack(progress).map(_ -> {
            standing.restored();
            meters.rollback();
            edits.rollBack(progress.step());
            progress.config(edits.after(progress.step()));
            return null;
        }).compose(_ -> bus.ask(new Note(progress.step(), "rollback", Map.of()))).mapEmpty();
    }

    /// Goes on from there if it runs.
    private Future<Status> branch(long step, String reason) {
        long from = progress.step();
        int branch = progress.config().game().branch() + 1;
        edits.require(progress.step(), Map.of("game.branch", IntNode.valueOf(branch)));
        return checkpointing.rollBack(progress, new BeginBranch(step, branch, from, reason)).map(_ -> {
            LOG.warn("step {}: {}; back to step {}, in branch {}", from, reason, progress.step(), branch);
            standing.restored();
            meters.rollback();
            evaluating.branch();
            edits.branch(progress.step(), branch);
            progress.config(edits.after(progress.step()));
            progress.begunAnew();
            if (standing.is(State.RUNNING)) {
                standing.publish();
            } else {
                standing.become(State.STOPPED);
            }
            return standing.status();
        });
    }

    /// Nothing is written before the whole edit is known to fit. A checkpoint before it is kept, to go back to.
    private Future<Status> edit(Map<String, JsonNode> assignments) {
        long step = standing.spoilt() ? checkpointing.newest().orElse(0L) : progress.step();
        edits.require(step, assignments);
        var saved = standing.spoilt() || checkpointing.has(step) ? Future.<Void>succeededFuture()
                : checkpointing.capture(progress, Future.succeededFuture());
        return saved.compose(_ -> bus.ask(new Note(step, "edit", assignments))).map(_ -> {
            edits.add(step, assignments);
            progress.config(edits.after(step));
            if (standing.is(State.FINISHED) && progress.step() < progress.end()) {
                standing.become(State.STOPPED);
            }
            standing.publish();
            return standing.status();
        });
    }

    /// Saves, then rests: for good if all turns are made, or there is a reason to make no more.
    Future<Void> rest(Optional<String> reason) {
        boolean finished = reason.isPresent() || progress.step() >= progress.end();
        Map<String, JsonNode> details = reason.<Map<String, JsonNode>>map(why -> Map.of("reason", TextNode.valueOf(why))).orElse(Map.of());
        var painted = painting.last(progress.step());
        return checkpointing.save(progress)
                .recover(cause -> Future.failedFuture(standing.unsaved(cause)))
                .compose(saved -> painted.map(saved))
                .compose(saved -> bus.ask(new Note(progress.step(), finished ? "finish" : "stop", details)).map(saved))
                .map(saved -> {
                    if (finished) {
                        standing.finish(reason, saved.sha256());
                    } else {
                        standing.become(State.STOPPED);
                    }
                    stepping.tryComplete(standing.status());
                    return null;
                });
    }

    private <T> Future<T> conflict(String message, String advice) {
        return Future.failedFuture(standing.conflict(message, advice));
    }
}
