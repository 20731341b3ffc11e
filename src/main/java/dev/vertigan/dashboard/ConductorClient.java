package dev.vertigan.dashboard;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Command;
import dev.vertigan.bus.Status;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;

/// Asks the conductor over the bus; a refusal becomes an [HttpFailure].
final class ConductorClient {

    /// A status is answered at once, or something is wrong.
    static final Duration PROMPT = Duration.ofSeconds(1);

    private final Vertx vertx;

    ConductorClient(Vertx vertx) {
        this.vertx = vertx;
    }

    Future<Status> status() {
        return ask(new Command.GetStatus(), PROMPT);
    }

    /// @return the status after the command took effect; else fails with an [HttpFailure]
    Future<Status> ask(Command command) {
        return ask(command, switch (command) {
            case Command.GetStatus _ -> PROMPT;
            // Answered when all the turns are made.
            case Command.Step _ -> Duration.ofDays(7);
            // The turn under way must end, and a checkpoint may have to reach a slow disk.
            case Command.Stop _, Command.Resume _, Command.SaveCheckpoint _, Command.Edit _ -> Duration.ofMinutes(10);
        });
    }

    private Future<Status> ask(Command command, Duration patience) {
        var options = new DeliveryOptions().setSendTimeout(patience.toMillis());
        return vertx.eventBus().<Status>request(Addresses.of(command.getClass()), command, options).map(Message::body)
                .recover(cause -> Future.failedFuture(cause instanceof ReplyException reply ? failure(reply, patience) : cause));
    }

    private static HttpFailure failure(ReplyException reply, Duration patience) {
        return switch (reply.failureType()) {
            case NO_HANDLERS -> new HttpFailure(503, "the run does not answer: it is starting or ending; ask again in a moment");
            case TIMEOUT -> new HttpFailure(504, "the run did not answer within " + patience.toSeconds()
                    + " s; it may still do what was asked: GET /api/run shows it");
            case RECIPIENT_FAILURE, ERROR -> {
                boolean refused = reply.failureCode() >= 400 && reply.failureCode() < 500;
                yield new HttpFailure(refused ? reply.failureCode() : 500, String.valueOf(reply.getMessage()));
            }
        };
    }
}
