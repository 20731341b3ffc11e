package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Evaluate;
import dev.vertigan.bus.StateRequest.PortraitWeights;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.data.Form;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.evaluation.Tally;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Metric;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// An evaluation that would never end is given up as soon as it asks whether it is still wanted.
class EvaluatorVerticleTest {

    private final CountDownLatch begun = new CountDownLatch(1);

    /// @return whether it was given up, and not answered
    private boolean endsWith(EvaluatorVerticle.Preparation preparation) throws InterruptedException {
        var config = Runs.ring(1);
        var vertx = Vertx.vertx();
        try (Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            var bus = new Bus(vertx, (_, _) -> {});
            var form = Form.of(config.data());
            var sampler = Sampler.ofFixedLatents(config, Shape.of(form.shape()), 0, kernels);
            var id = vertx
                    .deployVerticle(
                            new EvaluatorVerticle(bus, sampler, Latents.drawn(config, 1), form, preparation, Optional.empty(), Optional.empty()))
                    .await();
            var network = new Network(Generator.architecture(config, Shape.of(form.shape())), kernels, 1, 0);
            var answer = bus.ask(new Evaluate(1, new PortraitWeights(network.weights().flat(), network.statistics().flat()), Optional.empty()));
            begun.await();
            vertx.undeploy(id).toCompletionStage().toCompletableFuture().orTimeout(2, TimeUnit.MINUTES).join();
            return !answer.isComplete();
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void whilePreparing() throws InterruptedException {
        assertTrue(endsWith(new EvaluatorVerticle.Preparation() {

            @Override
            public Optional<Evaluation> more(Patience patience) {
                begun.countDown();
                return forever(patience);
            }

            @Override
            public double done() {
                return 0;
            }
        }));
    }

    @Test
    void whileMeasuring() throws InterruptedException {
        var tally = new Tally() {

            @Override
            public void add(float[] samples, int... asked) {
                assertFalse(samples.length == 0);
            }

            @Override
            public Map<Metric, Double> figures(Patience patience) {
                begun.countDown();
                return forever(patience);
            }
        };
        assertTrue(endsWith(ready(tally)));
    }

    /// A piece that needs nothing of the program's, as a decomposition, is left to come to its end alone; and then it is over.
    @Test
    void inOneLongPieceOfTheHeap() throws InterruptedException {
        var held = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        var wentOn = new AtomicBoolean();
        var tally = new Tally() {

            @Override
            public void add(float[] samples, int... asked) {
                assertFalse(samples.length == 0);
            }

            @Override
            public Map<Metric, Double> figures(Patience patience) {
                try {
                    patience.apart(() -> {
                        begun.countDown();
                        awaitUninterruptibly(held);
                        return 1;
                    });
                    wentOn.set(true);
                    return Map.of();
                } finally {
                    over.countDown();
                }
            }
        };
        try {
            assertTrue(endsWith(ready(tally)), "also everything that it could compute in is gone by then");
        } finally {
            held.countDown();
        }
        over.await();
        assertFalse(wentOn.get());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // its thread is closed
            }
        }
    }

    private static EvaluatorVerticle.Preparation ready(Tally tally) {
        return new EvaluatorVerticle.Preparation() {

            @Override
            public Optional<Evaluation> more(Patience patience) {
                return Optional.of(new Evaluation(10, () -> tally, Map.of(), Optional.empty()));
            }

            @Override
            public double done() {
                return 1;
            }
        };
    }

    private static <T> T forever(Patience patience) {
        while (true) {
            patience.check();
            Thread.onSpinWait();
        }
    }
}
