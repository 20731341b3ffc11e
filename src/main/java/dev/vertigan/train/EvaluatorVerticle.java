package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Evaluate;
import dev.vertigan.bus.StateRequest.Evaluated;
import dev.vertigan.data.Form;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Tally;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Sampler;
import dev.vertigan.values.Metric;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Measures samples on a thread of its own, with weights of its own, in pieces: between two of them it can be stopped.
final class EvaluatorVerticle extends VerticleBase {

    private static final int PIECE = 128; // samples
    private static final long PREPARING_NANOS = 100_000_000; // at a time

    private final Bus bus;
    private final Sampler sampler;
    private final Latents latents;
    private final Form form;
    private final Preparation preparation;
    private boolean stopped;

    /// What must be done before anything can be measured: little by little, on the evaluator's thread.
    interface Preparation {

        /// Does a little more.
        ///
        /// @return the evaluation, once there is nothing left to do
        Optional<Evaluation> more();

        /// The share that is done.
        double done();
    }

    EvaluatorVerticle(Bus bus, Sampler sampler, Latents latents, Form form, Preparation preparation) {
        this.bus = bus;
        this.sampler = sampler;
        this.latents = latents;
        this.form = form;
        this.preparation = preparation;
    }

    @Override
    public Future<?> start() {
        bus.serveLater(Evaluate.class, this::evaluate);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        return Future.succeededFuture();
    }

    private Future<Evaluated> evaluate(Evaluate request) {
        long start = System.nanoTime();
        Optional<Evaluation> evaluation;
        do {
            evaluation = preparation.more();
        } while (evaluation.isEmpty() && System.nanoTime() - start < PREPARING_NANOS);
        if (evaluation.isEmpty()) {
            return Future.succeededFuture(
                    new Evaluated(request.step(), Map.of(Metric.EVALUATOR_TRAINED, preparation.done()), System.nanoTime() - start));
        }
        sampler.load(request.weights().weights(), request.weights().statistics());
        Promise<Evaluated> answer = Promise.promise();
        measure(new Measuring(request.step(), evaluation.get(), evaluation.get().tallies().get(), answer), 0, System.nanoTime() - start);
        return answer.future();
    }

    private record Measuring(long step, Evaluation evaluation, Tally tally, Promise<Evaluated> answer) {}

    /// @param done samples measured
    /// @param spent nanoseconds so far
    private void measure(Measuring measuring, int done, long spent) {
        if (stopped) {
            return;
        }
        long start = System.nanoTime();
        try {
            int left = measuring.evaluation.count() - done;
            if (left == 0) {
                var figures = new EnumMap<Metric, Double>(Metric.class);
                figures.putAll(measuring.tally.figures());
                figures.put(Metric.EVALUATED_STEP, (double) measuring.step);
                measuring.answer.complete(new Evaluated(measuring.step, figures, spent + System.nanoTime() - start));
                return;
            }
            int piece = Math.min(PIECE, left);
            float[] samples = sampler.draw(latents, done, piece);
            form.toUnit(samples);
            measuring.tally.add(samples);
            context.runOnContext(_ -> measure(measuring, done + piece, spent + System.nanoTime() - start));
        } catch (RuntimeException e) {
            measuring.answer.fail(e);
        }
    }
}
