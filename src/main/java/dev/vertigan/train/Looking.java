package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Look;
import dev.vertigan.bus.StateRequest.LookAtDiscriminator;
import dev.vertigan.bus.StateRequest.LookAtGenerator;
import dev.vertigan.bus.StateRequest.ProbeDiscriminator;
import dev.vertigan.bus.StateRequest.ProbeGenerator;
import dev.vertigan.values.Scene;
import io.vertx.core.Future;

/// The Conductor's side of looks at the layers: every so many turns, but never for more than a hundredth of the time. The players work in the
/// order they are asked, so no turn waits for an answer.
final class Looking {

    /// How many times longer than a look takes it is to the next.
    private static final long REST = 99;

    private final Bus bus;
    private boolean underway;
    private long notBefore = System.nanoTime();

    Looking(Bus bus) {
        this.bus = bus;
    }

    /// Before a turn.
    ///
    /// @param every turns between two looks; 0 = none
    void before(long step, int every) {
        if (every > 0 && !underway && (step % every == 0 || step == 1) && System.nanoTime() - notBefore >= 0) {
            underway = true;
            bus.ask(new ProbeGenerator());
            bus.ask(new ProbeDiscriminator());
        }
    }

    /// After it.
    void after(long step) {
        if (!underway) {
            return;
        }
        var generator = bus.ask(new LookAtGenerator());
        var discriminator = bus.ask(new LookAtDiscriminator());
        Future.all(generator, discriminator).onComplete(_ -> underway = false).onSuccess(_ -> {
            notBefore = System.nanoTime() + REST * (generator.result().nanos() + discriminator.result().nanos());
            publish(step, generator.result(), discriminator.result());
        });
    }

    private void publish(long step, Look generator, Look discriminator) {
        generator.layers().ifPresent(g -> discriminator.layers().ifPresent(d -> bus.publish(Addresses.LAYERS, together(step, g, d))));
    }

    private static Scene together(long step, Scene one, Scene other) {
        byte[] bytes = new byte[one.bytes().length + other.bytes().length];
        System.arraycopy(one.bytes(), 0, bytes, 0, one.bytes().length);
        System.arraycopy(other.bytes(), 0, bytes, one.bytes().length, other.bytes().length);
        String arrays = one.arrays().substring(0, one.arrays().length() - 1) + "," + other.arrays().substring(1);
        return new Scene(step, arrays, bytes);
    }
}
