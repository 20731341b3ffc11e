package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.StateRequest.CopyGenerator;
import dev.vertigan.bus.StateRequest.CopyPastGenerator;
import dev.vertigan.bus.StateRequest.PlayerWeights;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Shape;
import dev.vertigan.picture.Pictures;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.Explored;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.ExploreRequest.Nearest;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Picture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Draws samples of latents that a person explores, on the sampler's thread, with copies of G that the explorer lends to be filled.
///
/// One request is drawn at a time. A search of the training data gives way to them after every slice.
final class ExplorerVerticle extends VerticleBase {

    private static final int MOST_WAITING = 16; // requests
    private static final Duration PATIENCE = Duration.ofMinutes(2); // of a past that may not be there, or on its way elsewhere
    private static final long SLICE_NANOS = 4_000_000; // of a search

    private final Bus bus;
    private final RunConfig config;
    private final Dataset dataset;
    private final Supplier<Tools> open;
    private Optional<Tools> tools = Optional.empty();
    private Future<?> drawing = Future.succeededFuture();
    private int waiting;

    /// What is only made when someone explores, as it takes memory.
    ///
    /// @param copy filled by G
    private record Tools(Sampler sampler, PlayerWeights copy) {}

    ExplorerVerticle(Bus bus, RunConfig config, Dataset dataset, Kernels kernels) {
        this.bus = bus;
        this.config = config;
        this.dataset = dataset;
        open = () -> {
            var sampler = Sampler.ofFixedLatents(config, Shape.of(dataset.shape()), 0, kernels);
            var room = sampler.room();
            return new Tools(sampler, new PlayerWeights(room.weights().flat(), room.statistics().flat()));
        };
    }

    @Override
    public Future<?> start() {
        bus.serve(GetLatents.class, _ -> new LatentSpace(config.samples().count(), config.latent().size(),
                config.latent().distribution() == Choice.Distribution.NORMAL, Classes.of(config), dataset.size()));
        bus.serveLater(Explore.class, request -> drawn(request).map(drawn -> new Explored(drawn.picture(dataset))));
        bus.serveLater(FindNearest.class, request -> drawn(request.of()).compose(this::nearest));
        return Future.succeededFuture();
    }

    private record Drawn(long step, float[] samples) {

        Picture picture(Dataset dataset) {
            return Pictures.of(Form.of(dataset), samples, 0, Picture.Source.FAKE, step);
        }
    }

    private Future<Drawn> drawn(Explore request) {
        if (waiting >= MOST_WAITING) {
            return Future.failedFuture(new Failure(FailureKind.CONFLICT, 0, MOST_WAITING + " requests are waiting already", "ask again in a moment"));
        }
        waiting++;
        var drawn = drawing.otherwiseEmpty().compose(_ -> {
            var ready = tools.orElseGet(open);
            tools = Optional.of(ready);
            return request.past().map(step -> bus.ask(new CopyPastGenerator(step, request.averaged(), ready.copy()), PATIENCE))
                    .orElseGet(() -> bus.ask(new CopyGenerator(request.averaged(), ready.copy())))
                    .map(copied -> draw(request, ready, copied.step()));
        }).onComplete(_ -> waiting--);
        drawing = drawn;
        return drawn;
    }

    private Drawn draw(Explore request, Tools ready, long step) {
        var sampler = ready.sampler();
        sampler.load(ready.copy().weights(), ready.copy().statistics());
        int classes = Classes.of(config);
        if (classes > 0) {
            sampler.only(request.only().orElse((int) (request.a() % classes)));
        }
        var ends = request.truncation().map(limit -> Latents.truncated(config, config.seed(), limit))
                .orElseGet(() -> Latents.drawn(config, config.seed()));
        var latents = request.steps() > 0 ? Latents.between(config, ends, request.a(), request.b(), request.steps())
                : Latents.plane(config, ends, request.a(), request.b(), request.at());
        return new Drawn(step, sampler.draw(latents, 0, request.count()));
    }

    private Future<Nearest> nearest(Drawn drawn) {
        var search = new NearestSearch(dataset.after(Long.MAX_VALUE), config.seed(), drawn.samples());
        var found = Promise.<Nearest>promise();
        slice(search, found);
        return found.future();
    }

    private void slice(NearestSearch search, Promise<Nearest> found) {
        try {
            if (search.goesOn(SLICE_NANOS)) {
                context.runOnContext(_ -> slice(search, found));
            } else {
                found.complete(search.found());
            }
        } catch (RuntimeException e) {
            found.fail(e);
        }
    }
}
