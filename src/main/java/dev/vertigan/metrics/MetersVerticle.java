package dev.vertigan.metrics;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Report;
import dev.vertigan.bus.Status;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/// Keeps the [TrainingMeters] up to date with what is published.
public final class MetersVerticle extends VerticleBase {

    private final TrainingMeters meters;

    public MetersVerticle(TrainingMeters meters) {
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        vertx.eventBus().<Report>localConsumer(Addresses.REPORTS, message -> meters.report(message.body()));
        vertx.eventBus().<Status>localConsumer(Addresses.STATUS, message -> meters.status(message.body()));
        return Future.succeededFuture();
    }
}
