package dev.vertigan.bus;

import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Generate;
import dev.vertigan.bus.TurnRequest.Improve;
import dev.vertigan.bus.TurnRequest.Improved;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.Schedule;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.FailureKind;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BusTest {

    private final Vertx vertx = Vertx.vertx();
    private static final RunConfig.Game GAME = new RunConfig.Game(Choice.Objective.MINIMAX, Choice.Schedule.ALTERNATING, 1, 1, Schedule.constant(0),
            RunConfig.Penalty.NONE);
    private static final RunConfig.Optimiser ADAM = new RunConfig.Optimiser(Choice.Optimiser.ADAM, Schedule.constant(1e-3), 1, 0, 0, 0, 0, 0.5,
            Schedule.constant(0.9), 1e-8, 0);

    private final Bus bus = new Bus(vertx, (_, _) -> {});

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void aVerticleAsksThousandsOfTimesWithOneAddressForItsAnswers() {
        var sum = Promise.<Long>promise();
        deploy(new Adder());
        deploy(new VerticleBase() {

            @Override
            public Future<?> start() {
                ask(1, 0);
                return Future.succeededFuture();
            }

            private void ask(long step, long so) {
                if (step > 5_000) {
                    sum.complete(so);
                } else {
                    bus.ask(improve(step)).onSuccess(improved -> ask(step + 1, so + improved.step())).onFailure(sum::fail);
                }
            }
        });
        assertEquals(5_000L * 5_001 / 2, await(sum.future()));
        assertEquals(1, bus.answerAddresses());
    }

    @Test
    void failuresTravelToWhoeverAsked() {
        deploy(new Adder());
        var failure = (Failure) assertThrows(CompletionException.class, () -> await(bus.ask(improve(-1)))).getCause();
        assertEquals(FailureKind.DEFECT, failure.kind());
        assertTrue(failure.getMessage().contains("IllegalArgumentException: no"), failure.getMessage());
        var told = Promise.<Throwable>promise();
        deploy(new VerticleBase() {

            @Override
            public Future<?> start() {
                bus.ask(improve(-1)).onComplete(result -> told.complete(result.cause()));
                return Future.succeededFuture();
            }
        });
        assertTrue(await(told.future()) instanceof Failure);
    }

    @Test
    void nobodyThereIsToldToo() {
        assertThrows(CompletionException.class, () -> await(bus.ask(new Generate(0, 1, 0, Optional.empty()))));
        assertThrows(CompletionException.class, () -> await(bus.ask(new Critique(1, Optional.empty(), Batch.of(tensor()), GAME, false))));
    }

    private final class Adder extends VerticleBase {

        @Override
        public Future<?> start() {
            bus.serve(Improve.class, request -> {
                if (request.step() < 0) {
                    throw new IllegalArgumentException("no");
                }
                return new Improved(request.step(), 0, Map.of());
            });
            return Future.succeededFuture();
        }
    }

    private void deploy(VerticleBase verticle) {
        await(vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    }

    private static Improve improve(long step) {
        return new Improve(step, tensor(), ADAM, 0.99, false);
    }

    private static Tensor tensor() {
        return Tensor.allocate(ElementType.FLOAT32, 1, 1);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
