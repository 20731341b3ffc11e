package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.PlayerWeights;
import dev.vertigan.bus.StateRequest.Stage;
import dev.vertigan.duel.Duel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import java.util.function.Supplier;

/// Computes scenes of the duel on the sampler's thread and publishes them.
final class DuelVerticle extends VerticleBase {

    private final Bus bus;
    private final Supplier<Duel> open;
    private Optional<Duel> duel = Optional.empty();

    /// @param open asked once, when the first scene is wanted: it costs memory
    DuelVerticle(Bus bus, Supplier<Duel> open) {
        this.bus = bus;
        this.open = open;
    }

    @Override
    public Future<?> start() {
        bus.serve(Stage.class, this::stage);
        return Future.succeededFuture();
    }

    private Done stage(Stage request) {
        var players = duel.orElseGet(open);
        duel = Optional.of(players);
        bus.publish(request.complete() ? Addresses.SCENES : Addresses.GLIMPSES,
                players.at(request.step(), weights(request.generator()), weights(request.discriminator()), request.game()));
        return new Done();
    }

    private static Duel.Weights weights(PlayerWeights weights) {
        return new Duel.Weights(weights.weights(), weights.statistics());
    }
}
