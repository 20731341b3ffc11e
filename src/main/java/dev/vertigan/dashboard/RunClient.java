package dev.vertigan.dashboard;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Request;
import dev.vertigan.values.Status;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;

/// Asks the run over the bus; a refusal becomes an [HttpFailure].
final class RunClient {

    private final Bus bus;

    RunClient(Bus bus) {
        this.bus = bus;
    }

    Future<Status> status() {
        return ask(new Command.GetStatus());
    }

    /// The status after the command took effect; else fails with an [HttpFailure].
    Future<Status> ask(Command command) {
        var patience = switch (command) {
            // Answered at once, or something is wrong.
            case Command.GetStatus _,Command.SetPace _ -> Duration.ofSeconds(1);
            // Answered when all the turns are made.
            case Command.Step _ -> Duration.ofDays(7);
            // The turn under way must end, and a checkpoint may have to reach a slow disk.
            case Command.Stop _,Command.Resume _,Command.Advance _,Command.SaveCheckpoint _,Command.Bookmark _,Command.Edit _ ->
                Duration.ofMinutes(10);
            case Command.RollBack _,Command.Finish _ ->
                Duration.ofMinutes(10);
        };
        return ask(command, patience);
    }

    /// Fails with an [HttpFailure] if there is no answer within that time.
    <R extends Record> Future<R> ask(Request<R> request, Duration patience) {
        return bus.ask(request, patience).recover(cause -> Future.failedFuture(refusal(cause, patience)));
    }

    private static Throwable refusal(Throwable cause, Duration patience) {
        return switch (cause) {
            case Failure failure when failure.kind() == FailureKind.INVALID -> HttpFailure.problems(failure.getMessage().lines().toList());
            case Failure failure -> new HttpFailure(failure.failureCode(), failure.getMessage().contains(failure.advice()) ? failure.getMessage()
                    : failure.getMessage() + "; " + failure.advice());
            case ReplyException reply -> switch (reply.failureType()) {
                case NO_HANDLERS -> new HttpFailure(503, "the run does not answer: it is starting or ending; ask again in a moment");
                case TIMEOUT -> new HttpFailure(504, "the run did not answer within " + patience.toSeconds()
                        + " s; it may still do what was asked: GET /api/run shows it");
                case RECIPIENT_FAILURE, ERROR -> new HttpFailure(500, String.valueOf(reply.getMessage()));
            };
            default -> cause;
        };
    }
}
