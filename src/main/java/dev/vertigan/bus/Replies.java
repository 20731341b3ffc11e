package dev.vertigan.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// The answers one verticle waits for, without a time-out each.
///
/// Vert.x sets a timer on an event loop for every request and cancels it with the answer: two wake-ups of another thread a message, on
/// cores that compute. Whoever serves a [Request] always answers (see [Bus#serve]), so a verticle needs no such timer. Asks by
/// `send`, and hears all answers at one address of its own. Used on its context only.
final class Replies {

    private static final String TO = "reply-to";
    private static final String NUMBER = "number";

    private final Vertx vertx;
    private final String address = "vertigan.replies." + UUID.randomUUID();
    private final Map<String, Promise<Object>> waiting = new HashMap<>();
    private long asked;

    /// Made on the context of whoever asks.
    Replies(Vertx vertx) {
        this.vertx = vertx;
        vertx.eventBus().localConsumer(address, this::answered);
    }

    <R extends Record> Future<R> ask(Request<R> request) {
        String number = Long.toString(asked++);
        var answer = Promise.promise();
        waiting.put(number, answer);
        vertx.eventBus().send(Addresses.of(request.getClass()), request, options().addHeader(TO, address).addHeader(NUMBER, number));
        return answer.future().map(Replies::cast);
    }

    @SuppressWarnings("unchecked") // a request's type says what answers it
    private static <R> R cast(Object answer) {
        return (R) answer;
    }

    private void answered(Message<Object> message) {
        var answer = waiting.remove(message.headers().get(NUMBER));
        if (message.body() instanceof Failure failure) {
            answer.fail(failure);
        } else {
            answer.complete(message.body());
        }
    }

    /// Answers a message, whichever way it was asked.
    static void answer(Vertx vertx, Message<?> message, Object answer) {
        String to = message.headers().get(TO);
        if (to == null) {
            message.reply(answer, options());
        } else {
            vertx.eventBus().send(to, answer, options().addHeader(NUMBER, message.headers().get(NUMBER)));
        }
    }

    private static DeliveryOptions options() {
        return new DeliveryOptions().setLocalOnly(true);
    }
}
