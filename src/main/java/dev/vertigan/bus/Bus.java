package dev.vertigan.bus;

import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Request;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The typed way over the event bus: the answer's type follows from the request's, and whatever goes wrong travels back as a [Failure].
///
/// Everything goes by request and reply, because the event bus has no back-pressure of its own.
public final class Bus {

    private static final Logger log = LoggerFactory.getLogger(Bus.class);
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true).setSendTimeout(TimeUnit.MINUTES.toMillis(10));

    private final Vertx vertx;
    private final Timings timings;
    private final Map<Context, Replies> replies = new ConcurrentHashMap<>();

    /// Told how long serving a message took.
    public interface Timings {

        void served(Class<?> request, long nanos);
    }

    /// Registers the codecs of every message.
    ///
    /// @param vertx of which there is one bus
    public Bus(Vertx vertx, Timings timings) {
        this.vertx = vertx;
        this.timings = timings;
        Codecs.register(vertx.eventBus());
    }

    /// Asks whoever serves this type of request; a verticle waits as long as it takes.
    public <R extends Record> Future<R> ask(Request<R> request) {
        var context = ContextInternal.current();
        // Each message is handled on a duplicate of its verticle's context: the verticle's own is the one that lasts.
        return context == null ? ask(request, LOCAL) : replies.computeIfAbsent(context.unwrap(), _ -> new Replies(vertx)).ask(request);
    }

    /// Asks whoever serves this type of request, and waits no longer than that for the answer.
    public <R extends Record> Future<R> ask(Request<R> request, Duration patience) {
        return ask(request, new DeliveryOptions(LOCAL).setSendTimeout(patience.toMillis()));
    }

    private <R extends Record> Future<R> ask(Request<R> request, DeliveryOptions options) {
        return vertx.eventBus().<R>request(Addresses.of(request.getClass()), request, options).map(Message::body);
    }

    /// How many addresses hear answers: as many as there ever were questions open at once, however many were asked.
    int answerAddresses() {
        return replies.values().stream().mapToInt(Replies::addresses).sum();
    }

    /// Tells everyone who listens at an address; never a message with tensors, which have one owner.
    public void publish(String address, Record message) {
        vertx.eventBus().publish(address, message, LOCAL);
    }

    /// Hears everything published at an address.
    public <M extends Record> void listen(String address, Class<M> type, Consumer<M> listener) {
        vertx.eventBus().localConsumer(address, (Message<M> message) -> listener.accept(type.cast(message.body())));
    }

    /// Answers requests of one type at once, on the caller's verticle.
    public <R extends Record, Q extends Request<R>> void serve(Class<Q> type, Function<Q, R> answer) {
        vertx.eventBus().localConsumer(Addresses.of(type), (Message<Q> message) -> {
            long start = System.nanoTime();
            try {
                Replies.answer(vertx, message, answer.apply(message.body()));
            } catch (Throwable e) {
                fail(message, e);
            }
            timings.served(type, System.nanoTime() - start);
        });
    }

    /// Answers requests of one type when a future completes.
    public <R extends Record, Q extends Request<R>> void serveLater(Class<Q> type, Function<Q, Future<R>> answer) {
        vertx.eventBus().localConsumer(Addresses.of(type), (Message<Q> message) -> {
            try {
                answer.apply(message.body()).onSuccess(result -> Replies.answer(vertx, message, result)).onFailure(e -> fail(message, e));
            } catch (Throwable e) {
                fail(message, e);
            }
        });
    }

    private void fail(Message<?> message, Throwable cause) {
        var failure = Failure.of(cause);
        if (failure.kind() == FailureKind.DEFECT && failure != cause) { // where it comes from, and once
            log.error("{} could not be served", message.address(), cause);
        } else {
            log.debug("{} could not be served", message.address(), cause);
        }
        Replies.answer(vertx, message, failure);
    }
}
