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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Draws pictures on a thread of its own and publishes them.
final class SamplerVerticle extends VerticleBase {

    private final Bus bus;
    private final Sampler sampler;
    private final Supplier<Dataset> data;
    private final int classes;
    private final Function<Dataset, float[]> reals;
    private Optional<Dataset> shown = Optional.empty();

    /// @param data as they are now
    /// @param classes that the game knows; sample i is of class i mod `classes`
    /// @param reals `[count, features]`, what the fakes are held against, read on this verticle's thread: decoding images may take long
    SamplerVerticle(Bus bus, Sampler sampler, Supplier<Dataset> data, int classes, Function<Dataset, float[]> reals) {
        this.bus = bus;
        this.sampler = sampler;
        this.data = data;
        this.classes = classes;
        this.reals = reals;
    }

    @Override
    public Future<?> start() {
        bus.serve(Paint.class, this::paint);
        showReals(0);
        return Future.succeededFuture();
    }

    /// If they are not the ones shown last.
    private void showReals(long step) {
        var now = data.get();
        if (now.size() > 0 && !shown.equals(Optional.of(now))) {
            shown = Optional.of(now);
            bus.publish(Addresses.PICTURES, Pictures.of(Form.of(now), reals.apply(now), classes, Picture.Source.REAL, step));
        }
    }

    private Done paint(Paint request) {
        showReals(request.step());
        var samples = sampler.draw(request.weights().weights(), request.weights().statistics());
        bus.publish(Addresses.PICTURES, Pictures.of(Form.of(data.get()), samples, classes, Picture.Source.FAKE, request.step()));
        return new Done();
    }
}
