package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Evaluate;
import dev.vertigan.bus.StateRequest.Evaluated;
import dev.vertigan.data.Form;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Sampler;
import dev.vertigan.values.Metric;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Measures samples on a thread of its own, with weights of its own. It asks between two pieces of that work whether it was stopped meanwhile;
/// for a piece that needs nothing but the heap a stop does not wait.
final class EvaluatorVerticle extends VerticleBase {

    /// The thread, which long work may hold: nothing else is to wait for it.
    private static final String THREAD = "vertigan-evaluator";

    private static final int PIECE = 128; // samples
    private static final long PREPARING_NANOS = 100_000_000; // at a time

    private final Bus bus;
    private final Sampler sampler;
    private final Latents latents;
    private final Form form;
    private final Preparation preparation;
    private final Optional<Contest> contest;
    private final Optional<LiveRating> rating;
    private final Wanted wanted = new Wanted();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name(THREAD).daemon().factory());
    private Future<Evaluated> working = Future.failedFuture("nothing yet"); // on the event loop

    /// What must be done before anything can be measured: little by little, on the evaluator's thread.
    interface Preparation {

        /// Does a little more.
        ///
        /// @param patience asked now and then
        /// @return the evaluation, once there is nothing left to do
        Optional<Evaluation> more(Patience patience);

        /// The share that is done.
        double done();
    }

    /// Whether results are, and whether the thread needs what goes with the verticle.
    private static final class Wanted implements Patience {

        private boolean stopped;
        private boolean apart;
        private boolean abandoned; // its work goes on, but there is nobody to tell

        @Override
        public synchronized void check() {
            if (stopped) {
                throw new CancellationException("the evaluator was stopped");
            }
        }

        @Override
        public <T> T apart(Supplier<T> work) {
            begin();
            T result;
            try {
                result = work.get();
            } finally {
                end();
            }
            check();
            return result;
        }

        private synchronized void begin() {
            check();
            apart = true;
        }

        private synchronized void end() {
            apart = false;
        }

        synchronized boolean stopped() {
            return stopped;
        }

        synchronized boolean abandoned() {
            return abandoned;
        }

        /// @return whether the work under way has to be waited for
        synchronized boolean stop() {
            stopped = true;
            abandoned = apart;
            return !apart;
        }
    }

    EvaluatorVerticle(Bus bus, Sampler sampler, Latents latents, Form form, Preparation preparation,
            Optional<Contest> contest, Optional<LiveRating> rating) {
        this.bus = bus;
        this.sampler = sampler;
        this.latents = latents;
        this.form = form;
        this.preparation = preparation;
        this.contest = contest;
        this.rating = rating;
    }

    @Override
    public Future<?> start() {
        bus.serveLater(Evaluate.class, request -> {
            working = begin(request);
            // where it was stopped, nobody is left to answer
            return working.recover(e -> wanted.stopped() ? Promise.<Evaluated>promise().future() : Future.failedFuture(e));
        });
        return Future.succeededFuture();
    }

    private Future<Evaluated> begin(Evaluate request) {
        var context = vertx.getOrCreateContext();
        var promise = Promise.<Evaluated>promise();
        thread.execute(() -> {
            try {
                var evaluated = evaluate(request);
                context.runOnContext(_ -> promise.complete(evaluated));
            } catch (RuntimeException | Error e) {
                if (!wanted.abandoned()) {
                    context.runOnContext(_ -> promise.fail(e));
                }
            }
        });
        return promise.future();
    }

    /// Completes when the memory that the thread computes in may go: at the end of a piece, or at once if the piece needs none of it.
    @Override
    public Future<?> stop() {
        thread.shutdown();
        return wanted.stop() ? working.otherwiseEmpty() : Future.succeededFuture();
    }

    private Evaluated evaluate(Evaluate request) {
        long start = System.nanoTime();
        Optional<Evaluation> evaluation;
        do {
            wanted.check();
            evaluation = preparation.more(wanted);
        } while (evaluation.isEmpty() && System.nanoTime() - start < PREPARING_NANOS);
        var figures = evaluation.map(ready -> measure(ready, request)).orElseGet(() -> Map.of(Metric.EVALUATOR_TRAINED, preparation.done()));
        return new Evaluated(request.step(), figures, System.nanoTime() - start);
    }

    private Map<Metric, Double> measure(Evaluation evaluation, Evaluate request) {
        sampler.load(request.weights().weights(), request.weights().statistics());
        var tally = evaluation.tallies().get();
        for (int done = 0; done < evaluation.count(); done += PIECE) {
            wanted.check();
            int count = Math.min(PIECE, evaluation.count() - done);
            float[] samples = sampler.draw(latents, done, count);
            form.toUnit(samples);
            tally.add(samples, sampler.asked(done, count));
        }
        sampler.pushforward().ifPresent(tally::exactly);
        var figures = new EnumMap<Metric, Double>(Metric.class);
        figures.putAll(tally.figures(wanted));
        request.opponents().ifPresent(players -> {
            contest.ifPresent(between -> figures.putAll(between.figures(request.step(), players, wanted)));
            rating.ifPresent(among -> figures.putAll(among.figures(request.step(), sampler, players, wanted)));
        });
        Optional.ofNullable(evaluation.real().get(Metric.FRECHET)).ifPresent(bias -> figures.put(Metric.FRECHET_REAL, bias));
        if (form.image()) {
            figures.put(Metric.EVALUATOR_TRAINED, 1.0);
        }
        figures.put(Metric.EVALUATED_STEP, (double) request.step());
        return figures;
    }
}
