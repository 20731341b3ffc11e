package dev.vertigan.peers;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// A game in libtorch, in one of the ways there are.
final class LibtorchGame implements Peer.Game {

    private static final int MINIBATCHES = 16; // of random reals, in memory

    private final Libtorch.Way way;
    private final LibtorchNetwork generator;
    private final LibtorchNetwork discriminator;
    private final FusedAdam generatorAdam;
    private final FusedAdam discriminatorAdam;
    private final List<Tensor> reals; // [batch, features] or [batch, channels, height, width]
    private final long[] noise; // [batch, latent]
    private final int batch;
    private int turns;

    LibtorchGame(Workload workload, Libtorch.Way way) {
        this.way = way;
        batch = workload.batch();
        noise = new long[] {batch, workload.latent()};
        long[] sample = sample(workload);
        int channels = (int) sample[0];
        generator = new LibtorchNetwork(Line.read(workload.generator(), channels, workload.features()), new long[] {workload.latent()}, way.format());
        discriminator = new LibtorchNetwork(Line.read(workload.discriminator(), 1, 1), sample, way.format());
        generatorAdam = new FusedAdam(generator.parameters(), workload.generatorAdam());
        discriminatorAdam = new FusedAdam(discriminator.parameters(), workload.discriminatorAdam());
        long[] shape = LongStream.concat(LongStream.of(batch), LongStream.of(sample)).toArray();
        reals = Stream.generate(() -> torch.rand(shape)).map(x -> sample.length > 1 ? x.contiguous(way.format()) : x).limit(MINIBATCHES).toList();
    }

    /// Channels first where there are convolutions, else a row of values.
    private static long[] sample(Workload workload) {
        var shape = workload.shape();
        return workload.discriminator().getFirst().startsWith("conv") ? new long[] {shape.get(2), shape.get(0), shape.get(1)}
                : new long[] {workload.features()};
    }

    @Override
    public String describe() {
        return "libtorch " + torch.class.getPackage().getImplementationVersion() + ", " + way;
    }

    @Override
    public void turn() {
        try (var _ = new PointerScope()) {
            learn(reals.get(turns++ % MINIBATCHES), fakes());
            discriminatorAdam.step();
        }
        try (var _ = new PointerScope()) {
            discriminator.learns(false);
            torch.softplus(discriminator.forward(generator.forward(torch.randn(noise))).neg()).mean().backward();
            discriminator.learns(true);
            generatorAdam.step();
        }
    }

    /// For D: nothing leads back to G.
    private Tensor fakes() {
        try (var _ = new NoGradGuard()) {
            return generator.forward(torch.randn(noise));
        }
    }

    private void learn(Tensor real, Tensor fake) {
        Tensor ofReals;
        Tensor ofFakes;
        if (way.joined()) {
            var logits = discriminator.forward(torch.cat(new TensorVector(real, fake)));
            ofReals = logits.narrow(0, 0, batch);
            ofFakes = logits.narrow(0, batch, batch);
        } else {
            ofReals = discriminator.forward(real);
            ofFakes = discriminator.forward(fake);
        }
        torch.softplus(ofReals.neg()).mean().add(torch.softplus(ofFakes).mean()).backward();
    }
}
