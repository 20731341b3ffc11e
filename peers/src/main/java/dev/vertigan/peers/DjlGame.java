package dev.vertigan.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.Trainer;
import java.util.List;
import java.util.stream.Stream;

/// A game in DJL.
final class DjlGame implements Peer.Game {

    private static final int MINIBATCHES = 16; // of random reals, in memory

    private final Trainer generator;
    private final Trainer discriminator;
    private final List<NDArray> reals; // [batch, features]
    private final Shape noise; // [batch, latent]
    private int turns;

    DjlGame(Workload workload, Trainer generator, Trainer discriminator) {
        this.generator = generator;
        this.discriminator = discriminator;
        noise = new Shape(workload.batch(), workload.latent());
        var shape = new Shape(workload.batch(), workload.features());
        var manager = discriminator.getManager();
        reals = Stream.generate(() -> manager.randomUniform(0, 1, shape)).limit(MINIBATCHES).toList();
    }

    @Override
    public String describe() {
        return Djl.version();
    }

    @Override
    public void turn() {
        try (var turn = discriminator.getManager().newSubManager()) {
            var real = reals.get(turns++ % MINIBATCHES);
            real.tempAttach(turn); // what is computed from it goes with the turn
            learn(real, generate(turn));
        }
        try (var turn = generator.getManager().newSubManager()) {
            improve(turn);
        }
    }

    /// G's forward pass; outside a collector nothing is remembered of it, so the fakes are detached.
    private NDArray generate(NDManager turn) {
        return generator.forward(new NDList(turn.randomNormal(noise))).singletonOrThrow();
    }

    private NDArray logits(NDArray x) {
        return discriminator.forward(new NDList(x)).singletonOrThrow();
    }

    private void learn(NDArray real, NDArray fake) {
        try (var collector = discriminator.newGradientCollector()) {
            collector.backward(Activation.softPlus(logits(real).neg()).mean().add(Activation.softPlus(logits(fake)).mean()));
        }
        discriminator.step();
    }

    private void improve(NDManager turn) {
        discriminator.getModel().getBlock().freezeParameters(true);
        try (var collector = generator.newGradientCollector()) {
            collector.backward(Activation.softPlus(logits(generate(turn)).neg()).mean());
        }
        discriminator.getModel().getBlock().freezeParameters(false);
        generator.step();
    }
}
