package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.TurnRequest;
import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Fakes;
import dev.vertigan.bus.TurnRequest.Generate;
import dev.vertigan.bus.TurnRequest.Improve;
import dev.vertigan.bus.TurnRequest.Improved;
import dev.vertigan.bus.TurnRequest.Judge;
import dev.vertigan.bus.TurnRequest.Minibatch;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.bus.TurnRequest.SampleGradient;
import dev.vertigan.bus.TurnRequest.Verdict;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.Exchange.Load;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Tempo.Held;
import dev.vertigan.values.Tempo.Learner;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The messages of turns, sent one by one where turns are slow, and measured while someone looks; else it only asks. Used on the Conductor's
/// context, which is the thread of the players too: so an answer's time is the player's, after the answer before it.
final class Messages {

    /// Turns a second up to which each message is shown.
    private static final double SHOWN = 5;

    private final Bus bus;
    private final Pacing pacing;
    private final Consumer<Learner> whenLearned;
    private final Crossings crossings = new Crossings();
    private boolean watched;
    private Future<?> last = Future.succeededFuture();
    private Held at = new Held(0, Learner.DISCRIMINATOR, 1, 1, "");

    /// @param whenLearned told of each update in a turn whose messages are shown
    Messages(Bus bus, Pacing pacing, Consumer<Learner> whenLearned) {
        this.bus = bus;
        this.pacing = pacing;
        this.whenLearned = whenLearned;
    }

    /// Whether someone looks.
    void watched(boolean now) {
        if (now && !watched) {
            crossings.begin();
        }
        watched = now;
    }

    /// What crossed since the last time.
    Pulse pulse() {
        return crossings.pulse();
    }

    /// Whether each message is shown.
    boolean shown() {
        return watched && !pacing.free() && pacing.turnsPerSecond() <= SHOWN;
    }

    /// Says what the coming messages lead to.
    ///
    /// @param update which of that player's in this turn, from 1
    void toward(long step, Learner learner, int update, int updates) {
        at = new Held(step, learner, update, updates, "");
    }

    /// Sends one; where turns are slow, when the one before it is answered and its time has come.
    <R extends Record> Future<R> ask(TurnRequest<R> request) {
        if (pacing.free()) {
            return watched ? measured(request) : bus.ask(request);
        }
        var place = new Held(at.step(), at.next(), at.update(), at.updates(), request.getClass().getSimpleName());
        var answered = last.compose(_ -> pacing.before(place)).compose(_ -> measured(request)).onSuccess(_ -> {
            boolean learned = request instanceof Judge || request instanceof Improve;
            pacing.after(learned);
            if (learned && shown()) {
                whenLearned.accept(place.next());
            }
        });
        last = answered;
        return answered;
    }

    /// The turn is over, or broken off.
    ///
    /// @return nanoseconds that it was held back
    long turnOver() {
        last = Future.succeededFuture();
        crossings.turn();
        return pacing.turnOver();
    }

    private <R extends Record> Future<R> measured(TurnRequest<R> request) {
        long asked = System.nanoTime();
        return bus.ask(request).onSuccess(answer -> {
            long nanos = System.nanoTime() - asked;
            var sent = sent(request);
            var answered = answered(answer);
            long learned = learnNanos(answer);
            crossings.count(request, asked, nanos, learned, bytes(sent) + bytes(answered));
            if (shown()) {
                bus.publish(Addresses.EXCHANGES, new Exchange(at.step(), at.next(), request.getClass().getSimpleName(),
                        Addresses.of(request.getClass()), sent, answered, nanos / 1e6, learned / 1e6, figures(answer)));
            }
        });
    }

    private static long bytes(List<Load> loads) {
        long sum = 0;
        for (var load : loads) {
            sum += load.bytes();
        }
        return sum;
    }

    private static List<Load> sent(TurnRequest<?> request) {
        return switch (request) {
            case NextBatch _ -> List.of();
            case Generate generate -> generate.labels().map(labels -> List.of(load("classes", labels))).orElse(List.of());
            case Judge judge -> both(load("x", judge.reals().x()), load("G(z)", judge.fakes().x()));
            case Critique critique -> critique.reals().map(reals -> both(load("x", reals.x()), load("G(z)", critique.fakes().x())))
                    .orElse(List.of(load("G(z)", critique.fakes().x())));
            case Improve improve -> List.of(load("∂L/∂G(z)", improve.gradient()));
        };
    }

    private static List<Load> answered(Record answer) {
        return switch (answer) {
            case Minibatch minibatch -> batch("x", minibatch.reals());
            case Fakes fakes -> batch("G(z)", fakes.samples());
            case Verdict verdict -> verdict.critique().map(critique -> List.of(load("∂L/∂G(z)", critique.gradient()))).orElse(List.of());
            case SampleGradient critique -> List.of(load("∂L/∂G(z)", critique.gradient()));
            default -> List.of();
        };
    }

    private static List<Load> batch(String name, Batch batch) {
        return batch.labels().map(labels -> both(load(name, batch.x()), load("classes", labels))).orElse(List.of(load(name, batch.x())));
    }

    private static List<Load> both(Load one, Load other) {
        return List.of(one, other);
    }

    private static Load load(String name, Tensor tensor) {
        return new Load(name, Arrays.stream(tensor.shape()).boxed().toList(), tensor.segment().byteSize());
    }

    private static long learnNanos(Record answer) {
        return answer instanceof Verdict verdict ? verdict.learnNanos() : answer instanceof Improved improved ? improved.learnNanos() : 0;
    }

    private static Map<Metric, Double> figures(Record answer) {
        return switch (answer) {
            case Verdict verdict -> verdict.measured();
            case SampleGradient critique -> critique.measured();
            case Improved improved -> improved.measured();
            default -> Map.of();
        };
    }
}
