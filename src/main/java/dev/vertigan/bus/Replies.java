package dev.vertigan.bus;

import dev.vertigan.values.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// The answers one verticle waits for, without a time-out each.
///
/// Vert.x sets a timer on an event loop for every request and cancels it with the answer: two wake-ups of another thread a message, on
/// cores that compute. Whoever serves a [Request] always answers (see [Bus#serve]), so a verticle needs no such timer. It asks by `send`,
/// and hears each answer at one of its addresses that waits for no other: it gets as many as it ever has questions open at once. Between
/// two messages the cores' caches are full of tensors, so a message should touch little: addresses and options are made once.
/// Used on its context only.
final class Replies {

    private static final String TO = "reply-to";
    private static final DeliveryOptions ANSWER = new DeliveryOptions().setLocalOnly(true);

    private final Vertx vertx;
    private final Deque<Slot> free = new ArrayDeque<>();
    private final AtomicInteger addresses = new AtomicInteger();

    /// Made on the context of whoever asks.
    Replies(Vertx vertx) {
        this.vertx = vertx;
    }

    /// Where one answer at a time is heard.
    private final class Slot {

        private final DeliveryOptions options;
        private Promise<Object> answer = Promise.promise();

        Slot() {
            String address = "vertigan.replies." + UUID.randomUUID();
            options = new DeliveryOptions().setLocalOnly(true).addHeader(TO, address);
            vertx.eventBus().localConsumer(address, this::answered);
            addresses.incrementAndGet();
        }

        private void answered(Message<Object> message) {
            var answered = answer;
            answer = Promise.promise();
            free.push(this);
            if (message.body() instanceof Failure failure) {
                answered.fail(failure);
            } else {
                answered.complete(message.body());
            }
        }
    }

    /// How many it has been given so far; from any thread.
    int addresses() {
        return addresses.get();
    }

    <R extends Record> Future<R> ask(Request<R> request) {
        var slot = free.isEmpty() ? new Slot() : free.pop();
        vertx.eventBus().send(Addresses.of(request.getClass()), request, slot.options);
        return slot.answer.future().map(Replies::cast);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // a request's type says what answers it
    private static <R> R cast(Object answer) {
        return (R) answer;
    }

    /// Answers a message, whichever way it was asked.
    static void answer(Vertx vertx, Message<?> message, Object answer) {
        String to = message.headers().get(TO);
        if (to == null) {
            message.reply(answer, ANSWER);
        } else {
            vertx.eventBus().send(to, answer, ANSWER);
        }
    }
}
