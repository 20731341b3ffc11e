package dev.vertigan.metrics;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// The game's meters. Every method may be called from any thread, and costs less than a microsecond.
///
/// Gauges show the newest value of each [Metric] and the newest [Status]; a NaN is shown as NaN, and what has not been measured yet is NaN too.
public final class TrainingMeters implements Bus.Timings {

    private final Counter turns;
    private final Counter images;
    private final Counter nonFinite;
    private final Counter rollbacks;
    private final Timer turn;
    private final Timer checkpoint;
    private final Timer blocked;
    private final Counter checkpointFailures;
    private final Timer sample;
    private final Timer feedWait;
    private final Map<Class<?>, Timer> messages = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final Map<Metric, Double> measured = new ConcurrentHashMap<>(); // the newest value of each
    private volatile Optional<Status> status = Optional.empty();

    /// @param registry where they go; Vert.x must have been built with it already, so that its filters are in place
    /// @param version the program's
    /// @param kernels which kernels compute, in words
    public TrainingMeters(MeterRegistry registry, String version, String kernels) {
        this.registry = registry;
        turns = counter("vertigan.turns", "Turns of the game that this process made");
        images = counter("vertigan.images", "Real samples consumed");
        nonFinite = counter("vertigan.nonfinite", "Turns that gave a value that is not finite");
        rollbacks = counter("vertigan.rollbacks", "Returns to an older checkpoint");
        turn = timer("vertigan.turn", "One turn: both players' updates", 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5);
        checkpoint = timer("vertigan.checkpoint", "One checkpoint, written and verified", 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60);
        blocked = Timer.builder("vertigan.checkpoint.blocked").description("Standing still between two turns until the state is captured")
                .register(registry);
        checkpointFailures = counter("vertigan.checkpoint.failures", "Checkpoints that could not be written or did not verify");
        sample = timer("vertigan.sample", "One picture of samples", 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5);
        feedWait = timer("vertigan.feed.wait", "Waiting for data, each time a turn had to", 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                0.1,
                0.5, 5);
        for (var metric : Metric.values()) {
            metric.gauge().ifPresent(
                    gauge -> gauge(gauge.meter(), metric.help(), tags(gauge.tags()), meters -> meters.measured.getOrDefault(metric, Double.NaN)));
        }
        gauge("vertigan.step", "Turns of the run, in all its processes; less after a return to a checkpoint", Tags.empty(),
                meters -> meters.status.map(now -> (double) now.step()).orElse(Double.NaN));
        gauge("vertigan.epoch", "Passes over the data set", Tags.empty(), meters -> meters.status.map(Status::epoch).orElse(Double.NaN));
        for (var state : Status.State.values()) {
            gauge("vertigan.state", "1 for the state the run is in", Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
                    meters -> meters.status.filter(now -> now.state() == state).isPresent() ? 1 : 0);
        }
        gauge("vertigan.build.info", "Always 1; the labels say what runs",
                Tags.of("version", version, "java", Runtime.version().toString(), "kernels", kernels), meters -> 1);
    }

    /// One turn was made.
    ///
    /// @param realSamples consumed by it: k minibatches
    public void turn(long nanos, int realSamples) {
        turn.record(nanos, TimeUnit.NANOSECONDS);
        turns.increment();
        images.increment(realSamples);
    }

    /// A turn had to wait for data, for that long.
    public void waitedForData(long nanos) {
        feedWait.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A turn was followed by a checkpoint, for which the next one had to wait that long.
    public void blockedByCheckpoint(long nanos) {
        blocked.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A checkpoint could not be written.
    public void checkpointFailed() {
        checkpointFailures.increment();
    }

    @Override
    public void served(Class<?> request, long nanos) {
        var timer = request == StateRequest.Save.class ? checkpoint
                : request == StateRequest.Paint.class ? sample
                        : messages.computeIfAbsent(request, this::message);
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// Follows the reports and statuses published on a bus.
    public void follow(Bus bus) {
        bus.listen(Addresses.REPORTS, Report.class, this::report);
        bus.listen(Addresses.STATUS, Status.class, this::status);
    }

    /// A turn gave a value that is not finite.
    public void nonFinite() {
        nonFinite.increment();
    }

    /// The run went back to an older checkpoint.
    public void rollback() {
        rollbacks.increment();
    }

    public void report(Report newest) {
        measured.putAll(newest.values());
    }

    public void status(Status newest) {
        status = Optional.of(newest);
    }

    private static Tags tags(Map<String, String> tags) {
        return Tags.of(tags.entrySet().stream().map(tag -> Tag.of(tag.getKey(), tag.getValue())).toList());
    }

    /// The registry itself would only hold a weak reference.
    private void gauge(String name, String description, Tags tags, ToDoubleFunction<TrainingMeters> value) {
        Gauge.builder(name, this, value).description(description).tags(tags).strongReference(true).register(registry);
    }

    /// As many as there are types of request: they are sealed.
    private Timer message(Class<?> request) {
        String label = request.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        return timer("vertigan.message", "Serving one message", Tags.of("message", label),
                0.00005, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description, double... buckets) {
        return timer(name, description, Tags.empty(), buckets);
    }

    /// @param buckets upper bounds, seconds
    private Timer timer(String name, String description, Tags tags, double... buckets) {
        var bounds = DoubleStream.of(buckets).mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9))).toArray(Duration[]::new);
        return Timer.builder(name).description(description).tags(tags).serviceLevelObjectives(bounds).register(registry);
    }
}
