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
import java.util.concurrent.TimeUnit;

/// Measures samples on a thread of its own, with weights of its own; it asks between two pieces of that work whether it was stopped meanwhile.
final class EvaluatorVerticle extends VerticleBase {

    /// The thread, which long work may hold: nothing else is to wait for it.
    static final String THREAD = "vertigan-evaluator";

    private static final int PIECE = 128; // samples
    private static final long PREPARING_NANOS = 100_000_000; // at a time

    private final Bus bus;
    private final Sampler sampler;
    private final Latents latents;
    private final Form form;
    private final Preparation preparation;
    private final Optional<Contest> contest;
    private final Optional<LiveRating> rating;
    private volatile boolean stopped; // written on the event loop, read on the evaluator's thread
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
        var thread = vertx.createSharedWorkerExecutor(THREAD, 1, 1, TimeUnit.DAYS);
        bus.serveLater(Evaluate.class, request -> {
            working = thread.executeBlocking(() -> evaluate(request));
            return working.recover(e -> stopped ? Promise.<Evaluated>promise().future() : Future.failedFuture(e)); // nobody is left to answer
        });
        return Future.succeededFuture();
    }

    /// Completes when the thread has come to the end of a piece: then the memory that it computes in may go.
    @Override
    public Future<?> stop() {
        stopped = true;
        return working.otherwiseEmpty();
    }

    private void check() {
        if (stopped) {
            throw new CancellationException("the evaluator was stopped");
        }
    }

    private Evaluated evaluate(Evaluate request) {
        long start = System.nanoTime();
        Optional<Evaluation> evaluation;
        do {
            check();
            evaluation = preparation.more(this::check);
        } while (evaluation.isEmpty() && System.nanoTime() - start < PREPARING_NANOS);
        var figures = evaluation.map(ready -> measure(ready, request)).orElseGet(() -> Map.of(Metric.EVALUATOR_TRAINED, preparation.done()));
        return new Evaluated(request.step(), figures, System.nanoTime() - start);
    }

    private Map<Metric, Double> measure(Evaluation evaluation, Evaluate request) {
        sampler.load(request.weights().weights(), request.weights().statistics());
        var tally = evaluation.tallies().get();
        for (int done = 0; done < evaluation.count(); done += PIECE) {
            check();
            int count = Math.min(PIECE, evaluation.count() - done);
            float[] samples = sampler.draw(latents, done, count);
            form.toUnit(samples);
            tally.add(samples, sampler.asked(done, count));
        }
        sampler.pushforward().ifPresent(tally::exactly);
        var figures = new EnumMap<Metric, Double>(Metric.class);
        figures.putAll(tally.figures(this::check));
        request.opponents().ifPresent(players -> {
            contest.ifPresent(between -> figures.putAll(between.figures(request.step(), players, this::check)));
            rating.ifPresent(among -> figures.putAll(among.figures(request.step(), sampler, players, this::check)));
        });
        Optional.ofNullable(evaluation.real().get(Metric.FRECHET)).ifPresent(bias -> figures.put(Metric.FRECHET_REAL, bias));
        if (form.image()) {
            figures.put(Metric.EVALUATOR_TRAINED, 1.0);
        }
        figures.put(Metric.EVALUATED_STEP, (double) request.step());
        return figures;
    }
}
