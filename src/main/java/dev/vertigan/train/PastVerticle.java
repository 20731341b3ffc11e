package dev.vertigan.train;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.StateRequest.Copied;
import dev.vertigan.bus.StateRequest.CopyPastGenerator;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.PastRequest.ForkMade;
import dev.vertigan.values.PastRequest.MakeFork;
import dev.vertigan.values.PastRequest.EndVisit;
import dev.vertigan.values.PastRequest.GetVisit;
import dev.vertigan.values.PastRequest.GetVisitedPicture;
import dev.vertigan.values.PastRequest.GetVisitedReports;
import dev.vertigan.values.PastRequest.Visit;
import dev.vertigan.values.PastRequest.Visited;
import dev.vertigan.values.PastRequest.Visited.State;
import dev.vertigan.values.PastRequest.VisitedPicture;
import dev.vertigan.values.PastRequest.VisitedReports;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Serves the run's past: plays it again on a thread of its own with kernels of its own, one visit or fork after another. Nothing of it is made
/// before it is asked for.
public final class PastVerticle extends VerticleBase {

    private static final int PICTURES = 32; // kept
    private static final long MOST_REPORTS = 20_000; // of a visit

    private final Bus bus;
    private final Path run;
    private final RunConfig.Compute compute;
    private final Dataset dataset;
    private final Map<Long, Picture> pictures = new LinkedHashMap<>(); // the newest last; of the event loop
    private volatile boolean closing;
    private WorkerExecutor worker;
    private List<Report> reports = List.of(); // of the event loop
    private Journey journey = new Journey(0, 0, State.NONE); // of the event loop
    private Optional<Kernels> kernels = Optional.empty(); // of the worker, as is the next
    private Optional<Replay> replay = Optional.empty();

    /// A visit on its way: written by the worker, read by the event loop.
    private static final class Journey implements Replay.Watch {

        private final long step;
        private final long since; // what is measured after it is kept
        private volatile State state;
        private volatile Replay.Way way;
        private volatile String message = "";
        private volatile List<String> notices = List.of();
        private volatile List<Report> reports = List.of();

        Journey(long step, long since, State state) {
            this.step = step;
            this.since = since;
            this.state = state;
            way = new Replay.Way(step, step, step, 0);
        }

        @Override
        public boolean goesOn(Replay.Way passing) {
            way = passing;
            return state == State.PLAYING;
        }

        Visited visited() {
            var now = way;
            return new Visited(state, step, now.from(), state == State.DONE ? step : now.at(),
                    state == State.PLAYING ? now.secondsLeft() : Optional.empty(), message, notices);
        }
    }

    /// @param run the run's folder
    /// @param dataset of the run, which it reads too
    public PastVerticle(Bus bus, Path run, RunConfig.Compute compute, Dataset dataset) {
        this.bus = bus;
        this.run = run;
        this.compute = new RunConfig.Compute(1, compute.kernels(), compute.precision()); // the run goes first
        this.dataset = dataset;
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("vertigan-past", 1, 1, TimeUnit.DAYS);
        bus.serve(Visit.class, this::visit);
        bus.serve(GetVisit.class, _ -> journey.visited());
        bus.serve(EndVisit.class, _ -> end());
        bus.serve(GetVisitedReports.class, _ -> new VisitedReports(reports));
        bus.serve(GetVisitedPicture.class, request -> new VisitedPicture(Optional.ofNullable(pictures.get(request.step()))));
        bus.serveLater(CopyPastGenerator.class, request -> worker.executeBlocking(() -> copy(request)));
        bus.serveLater(MakeFork.class, fork -> worker.executeBlocking(() -> fork(fork)));
        return Future.succeededFuture();
    }

    private Visited visit(Visit request) {
        end();
        var next = new Journey(request.step(), request.since().orElse(request.step()), State.PLAYING);
        journey = next;
        worker.executeBlocking(() -> travel(next)).onSuccess(picture -> {
            picture.ifPresent(drawn -> {
                keep(drawn);
                reports = next.reports;
                next.state = State.DONE;
            });
        }).onFailure(cause -> {
            next.message = String.valueOf(cause.getMessage());
            next.state = State.FAILED;
        });
        return next.visited();
    }

    private Visited end() {
        if (journey.state == State.PLAYING) {
            journey.state = State.ENDED;
        }
        return journey.visited();
    }

    private void keep(Picture picture) {
        pictures.remove(picture.step());
        pictures.put(picture.step(), picture);
        if (pictures.size() > PICTURES) {
            pictures.remove(pictures.keySet().iterator().next());
        }
    }

    private Optional<Picture> travel(Journey visit) {
        var reports = new ArrayList<Report>();
        long stride = Math.max(1, Math.ceilDiv(visit.step - visit.since, MOST_REPORTS));
        if (visit.state != State.PLAYING || !replay().to(visit.step, visit.since, visit, at -> at > visit.since && (visit.step - at) % stride == 0,
                (at, figures) -> reports.add(new Report(at, 0, figures)))) {
            return Optional.empty();
        }
        visit.reports = reports;
        visit.notices = replay().notices();
        return Optional.of(replay().picture());
    }

    private Copied copy(CopyPastGenerator request) {
        var there = replay.filter(past -> past.isAt(request.step())).orElseThrow(() -> new Failure(FailureKind.CONFLICT, request.step(),
                "expected a step that was visited last, found " + request.step(), "POST /api/visit {\"step\": " + request.step() + "} goes there"));
        try {
            there.copyGenerator(request.averaged(), request.into().weights(), request.into().statistics());
        } catch (UserError e) {
            throw new Failure(FailureKind.INVALID, request.step(), String.valueOf(e.getMessage()), "");
        }
        return new Copied(request.step());
    }

    private ForkMade fork(MakeFork request) {
        Path into = run.toAbsolutePath().normalize().resolveSibling(request.name());
        try {
            Fork.requireFree(into);
            var latest = replay().latest(); // before anything is played
            Fork.requireSamplesAlike(Fork.config(latest, request.settings()), latest);
            if (!replay().to(request.step(), _ -> !closing)) {
                throw new UserError("the program ends: no fork was made");
            }
            Fork.make(replay(), Fork.config(replay().config(), request.settings()), into);
        } catch (UserError e) {
            throw new Failure(FailureKind.INVALID, request.step(), String.valueOf(e.getMessage()), "");
        }
        return new ForkMade(request.name(), into.toString());
    }

    private Replay replay() {
        if (replay.isEmpty()) {
            var opened = kernels.orElseGet(() -> Backend.open(compute));
            kernels = Optional.of(opened);
            replay = Optional.of(new Replay(run, dataset, opened));
        }
        return replay.orElseThrow();
    }

    @Override
    public Future<?> stop() {
        closing = true;
        end();
        return worker.executeBlocking(() -> {
            replay = Optional.empty();
            kernels.ifPresent(Kernels::close);
            kernels = Optional.empty();
            return kernels;
        }).eventually(worker::close);
    }
}
