package dev.vertigan.metrics;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest;
import dev.vertigan.bus.TurnRequest;
import java.util.Map;
import java.util.function.LongConsumer;

/// Hears from the bus how long serving each message took.
public final class MessageTimings implements Bus.Timings {

    private volatile Map<Class<?>, LongConsumer> meters = Map.of();

    /// From now on into these meters.
    public void into(TrainingMeters training) {
        meters = Map.of(
                TurnRequest.NextBatch.class, nanos -> training.message(Exchange.NEXT_BATCH, nanos),
                TurnRequest.Generate.class, nanos -> training.message(Exchange.GENERATE, nanos),
                TurnRequest.Judge.class, nanos -> training.message(Exchange.JUDGE, nanos),
                TurnRequest.Critique.class, nanos -> training.message(Exchange.CRITIQUE, nanos),
                TurnRequest.Improve.class, nanos -> training.message(Exchange.IMPROVE, nanos),
                StateRequest.Save.class, training::checkpoint,
                StateRequest.Paint.class, training::sample);
    }

    @Override
    public void served(Class<?> request, long nanos) {
        var meter = meters.get(request);
        if (meter != null) {
            meter.accept(nanos);
        }
    }
}
