package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.CaptureDiscriminator;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.LeaseDiscriminator;
import dev.vertigan.bus.StateRequest.LookAtDiscriminator;
import dev.vertigan.bus.StateRequest.PlayerWeights;
import dev.vertigan.bus.StateRequest.ProbeDiscriminator;
import dev.vertigan.bus.StateRequest.RestoreDiscriminator;
import dev.vertigan.bus.StateRequest.State;
import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Judge;
import dev.vertigan.bus.TurnRequest.SampleGradient;
import dev.vertigan.bus.TurnRequest.Verdict;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Moment;
import dev.vertigan.game.PlayerState;
import dev.vertigan.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;

/// Serves D.
final class DiscriminatorVerticle extends VerticleBase {

    private final Bus bus;
    private final Discriminator discriminator;
    private long probing; // nanoseconds that it last took to keep the weights for a look

    DiscriminatorVerticle(Bus bus, Discriminator discriminator) {
        this.bus = bus;
        this.discriminator = discriminator;
    }

    @Override
    public Future<?> start() {
        bus.serve(Judge.class, this::judge);
        bus.serve(Critique.class, this::critique);
        bus.serve(CaptureDiscriminator.class, _ -> capture());
        bus.serve(RestoreDiscriminator.class, this::restore);
        bus.serve(LeaseDiscriminator.class, this::lease);
        bus.serve(ProbeDiscriminator.class, _ -> probe());
        bus.serve(LookAtDiscriminator.class, _ -> Layers.look("discriminator", discriminator::look, probing));
        return Future.succeededFuture();
    }

    private Done probe() {
        long start = System.nanoTime();
        discriminator.probe();
        probing = System.nanoTime() - start;
        return new Done();
    }

    private Verdict judge(Judge request) {
        long step = request.step();
        var wanted = new Discriminator.Wanted(request.critique(), request.report());
        var moment = new Moment(request.game().branch(), step, request.phase());
        var gradient = discriminator.judge(request.reals(), request.fakes(), moment, request.game(), wanted);
        long start = System.nanoTime();
        discriminator.learn(step, request.optimiser());
        long nanos = System.nanoTime() - start;
        return new Verdict(step, request.phase(), nanos, request.report() ? discriminator.measured(step) : Map.of(),
                gradient.map(tensor -> critique(step, tensor, request.report())));
    }

    private SampleGradient critique(Critique request) {
        var moment = Moment.ofGenerator(request.game().branch(), request.step());
        var gradient = discriminator.critique(request.reals().orElse(request.fakes()), request.fakes(), moment, request.game());
        return critique(request.step(), gradient, request.report());
    }

    private SampleGradient critique(long step, Tensor gradient, boolean report) {
        return new SampleGradient(step, gradient, report ? discriminator.measuredCritique(step) : Map.of());
    }

    private PlayerWeights lease(LeaseDiscriminator request) {
        var copy = discriminator.lease(request.use());
        return new PlayerWeights(copy.weights().flat(), copy.statistics().flat());
    }

    private State capture() {
        var state = discriminator.capture();
        return new State(state.updates(), state.tensors());
    }

    private Done restore(RestoreDiscriminator request) {
        discriminator.restore(new PlayerState(request.state().updates(), request.state().tensors()));
        return new Done();
    }
}
