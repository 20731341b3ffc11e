package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.PlayerWeights;
import dev.vertigan.bus.StateRequest.Stage;
import dev.vertigan.data.Dataset;
import dev.vertigan.duel.Duel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Computes scenes of the duel on the sampler's thread and publishes them.
final class DuelVerticle extends VerticleBase {

    private final Bus bus;
    private final Supplier<Dataset> data;
    private final Function<Dataset, float[]> reals;
    private final Function<float[], Duel> open;
    private Optional<Duel> duel = Optional.empty();
    private Optional<Dataset> shown = Optional.empty();

    /// @param data as they are now
    /// @param reals some of them
    /// @param open asked once, when the first scene is wanted: it costs memory
    DuelVerticle(Bus bus, Supplier<Dataset> data, Function<Dataset, float[]> reals, Function<float[], Duel> open) {
        this.bus = bus;
        this.data = data;
        this.reals = reals;
        this.open = open;
    }

    @Override
    public Future<?> start() {
        bus.serve(Stage.class, this::stage);
        return Future.succeededFuture();
    }

    private Done stage(Stage request) {
        var now = data.get();
        if (now.size() == 0) { // a stream to which nothing has come
            return new Done();
        }
        var players = duel.orElseGet(() -> open.apply(reals.apply(now)));
        if (duel.isPresent() && !shown.equals(Optional.of(now))) {
            players.reals(reals.apply(now));
        }
        duel = Optional.of(players);
        shown = Optional.of(now);
        bus.publish(request.complete() ? Addresses.SCENES : Addresses.GLIMPSES,
                players.at(request.step(), weights(request.generator()), weights(request.discriminator()), request.game()));
        return new Done();
    }

    private static Duel.Weights weights(PlayerWeights weights) {
        return new Duel.Weights(weights.weights(), weights.statistics());
    }
}
