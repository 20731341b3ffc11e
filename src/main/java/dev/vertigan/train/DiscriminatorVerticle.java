package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.CaptureDiscriminator;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.RestoreDiscriminator;
import dev.vertigan.bus.StateRequest.State;
import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Judge;
import dev.vertigan.bus.TurnRequest.SampleGradient;
import dev.vertigan.bus.TurnRequest.Verdict;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Moment;
import dev.vertigan.game.PlayerState;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;

/// Serves D.
final class DiscriminatorVerticle extends VerticleBase {

    private final Bus bus;
    private final Discriminator discriminator;

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
        return Future.succeededFuture();
    }

    private Verdict judge(Judge request) {
        long step = request.step();
        var judgement = discriminator.judge(request.reals(), request.fakes(), new Moment(step, request.phase()));
        var critique = request.critique()
                ? Optional.of(gradient(step, discriminator.critiqueJudged(step))) // both gradients by the same D: before it learns
                : Optional.<SampleGradient>empty();
        var norms = discriminator.learn(step, request.rate());
        return new Verdict(step, request.phase(), judgement.loss(), judgement.scoreReal(), judgement.scoreFake(), Norms.gradient(norms),
                Norms.updateRatio(norms), critique);
    }

    private SampleGradient critique(Critique request) {
        return gradient(request.step(), discriminator.critique(request.fakes(), Moment.ofGenerator(request.step())));
    }

    private static SampleGradient gradient(long step, Discriminator.Critique critique) {
        return new SampleGradient(step, critique.sampleGradient(), critique.loss());
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
