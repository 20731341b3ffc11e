package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.CaptureGenerator;
import dev.vertigan.bus.StateRequest.Copied;
import dev.vertigan.bus.StateRequest.CopyGenerator;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.GetPortrait;
import dev.vertigan.bus.StateRequest.LeaseGenerator;
import dev.vertigan.bus.StateRequest.LookAtGenerator;
import dev.vertigan.bus.StateRequest.PlayerWeights;
import dev.vertigan.bus.StateRequest.PortraitWeights;
import dev.vertigan.bus.StateRequest.ProbeGenerator;
import dev.vertigan.bus.StateRequest.RestoreGenerator;
import dev.vertigan.bus.StateRequest.State;
import dev.vertigan.bus.TurnRequest.Fakes;
import dev.vertigan.bus.TurnRequest.Generate;
import dev.vertigan.bus.TurnRequest.Improve;
import dev.vertigan.bus.TurnRequest.Improved;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Moment;
import dev.vertigan.game.PlayerState;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;

/// Serves G.
final class GeneratorVerticle extends VerticleBase {

    private final Bus bus;
    private final Generator generator;
    private long probing; // nanoseconds that it last took to keep the weights for a look

    GeneratorVerticle(Bus bus, Generator generator) {
        this.bus = bus;
        this.generator = generator;
    }

    @Override
    public Future<?> start() {
        bus.serve(Generate.class, this::generate);
        bus.serve(Improve.class, this::improve);
        bus.serve(CaptureGenerator.class, _ -> capture());
        bus.serve(RestoreGenerator.class, this::restore);
        bus.serve(LeaseGenerator.class, this::lease);
        bus.serve(GetPortrait.class, this::portrait);
        bus.serve(ProbeGenerator.class, _ -> probe());
        bus.serve(LookAtGenerator.class, _ -> Layers.look("generator", generator::look, probing));
        bus.serve(CopyGenerator.class, this::copy);
        return Future.succeededFuture();
    }

    private Done probe() {
        long start = System.nanoTime();
        generator.probe();
        probing = System.nanoTime() - start;
        return new Done();
    }

    private Fakes generate(Generate request) {
        return new Fakes(request.step(), request.phase(), generator.generate(new Moment(request.branch(), request.step(), request.phase()),
                request.labels()));
    }

    private Improved improve(Improve request) {
        generator.backward(request.gradient());
        long start = System.nanoTime();
        generator.learn(request.step(), request.optimiser(), request.emaDecay());
        long nanos = System.nanoTime() - start;
        return new Improved(request.step(), nanos, request.report() ? generator.measured(request.step()) : Map.of());
    }

    private State capture() {
        var state = generator.capture();
        return new State(state.updates(), state.tensors());
    }

    private Done restore(RestoreGenerator request) {
        generator.restore(new PlayerState(request.state().updates(), request.state().tensors()));
        return new Done();
    }

    private PlayerWeights lease(LeaseGenerator request) {
        var copy = generator.lease(request.averaged(), request.use());
        return new PlayerWeights(copy.weights().flat(), copy.statistics().flat());
    }

    private Copied copy(CopyGenerator request) {
        return new Copied(generator.copy(request.averaged(), request.into().weights(), request.into().statistics()));
    }

    private PortraitWeights portrait(GetPortrait request) {
        var portrait = generator.portrait(request.use());
        return new PortraitWeights(portrait.weights().flat(), portrait.statistics().flat());
    }
}
