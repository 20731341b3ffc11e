package dev.vertigan.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
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
    private final TensorVector learned; // D's
    private final double r1;
    private final double r2;
    private int turns;

    LibtorchGame(Workload workload, Libtorch.Way way) {
        this.way = way;
        batch = workload.batch();
        r1 = workload.r1();
        r2 = workload.r2();
        noise = new long[] {batch, workload.latent()};
        long[] sample = sample(workload);
        int channels = (int) sample[0];
        generator = new LibtorchNetwork(Line.read(workload.generator(), channels, workload.features()), new long[] {workload.latent()}, way.format());
        discriminator = new LibtorchNetwork(Line.read(workload.discriminator(), 1, 1), sample, way.format());
        learned = new TensorVector(discriminator.parameters().toArray(Tensor[]::new));
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
        sloped(real, r1);
        sloped(fake, r2);
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
        var loss = torch.softplus(ofReals.neg()).mean().add(torch.softplus(ofFakes).mean());
        penalties(ofReals.add(ofFakes), real, fake).reduce(loss, Tensor::add)
                .backward(new Tensor(), new BoolOptional(), false, new TensorArrayRefOptional(learned)); // not of the samples
    }

    /// Whether D's slope there is asked for.
    private static void sloped(Tensor x, double gamma) {
        x.requires_grad_(gamma > 0);
    }

    /// γ/2 · E‖∂D/∂x‖² at reals and at fakes, of both slopes at once, themselves to be differentiated (`create_graph`).
    private Stream<Tensor> penalties(Tensor logits, Tensor real, Tensor fake) {
        var inputs = new TensorVector();
        var factors = new ArrayList<Scalar>();
        if (r1 > 0) {
            inputs.push_back(real);
            factors.add(new Scalar(r1 / 2 / batch));
        }
        if (r2 > 0) {
            inputs.push_back(fake);
            factors.add(new Scalar(r2 / 2 / batch));
        }
        if (factors.isEmpty()) {
            return Stream.of();
        }
        var slopes = torch.grad(new TensorVector(logits.sum()), inputs, new TensorVector(), new BoolOptional(true), true, false);
        return IntStream.range(0, factors.size()).mapToObj(i -> slopes.get(i).square().sum().mul(factors.get(i)));
    }
}
