package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.Paint;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.game.Sampler;
import dev.vertigan.picture.Pictures;
import dev.vertigan.values.Picture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Supplier;

/// Draws pictures on a thread of its own and publishes them.
final class SamplerVerticle extends VerticleBase {

    private final Bus bus;
    private final Sampler sampler;
    private final Dataset dataset;
    private final int classes;
    private final Supplier<float[]> reals;

    /// @param classes that the game knows; sample i is of class i mod `classes`
    /// @param reals `[count, features]`, what the fakes are held against, read on this verticle's thread: decoding images may take long
    SamplerVerticle(Bus bus, Sampler sampler, Dataset dataset, int classes, Supplier<float[]> reals) {
        this.bus = bus;
        this.sampler = sampler;
        this.dataset = dataset;
        this.classes = classes;
        this.reals = reals;
    }

    @Override
    public Future<?> start() {
        bus.serve(Paint.class, this::paint);
        bus.publish(Addresses.PICTURES, Pictures.of(Form.of(dataset), reals.get(), classes, Picture.Source.REAL, 0));
        return Future.succeededFuture();
    }

    private Done paint(Paint request) {
        var samples = sampler.draw(request.weights().weights(), request.weights().statistics());
        bus.publish(Addresses.PICTURES, Pictures.of(Form.of(dataset), samples, classes, Picture.Source.FAKE, request.step()));
        return new Done();
    }
}
