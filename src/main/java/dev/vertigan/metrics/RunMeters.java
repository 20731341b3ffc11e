package dev.vertigan.metrics;

import dev.vertigan.config.RunConfig;
import dev.vertigan.run.CheckpointStore;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// The run's folder: its checkpoints, its journal, and the disk that it is on. Read when somebody asks, on the thread that asks.
public final class RunMeters {

    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final double MILLIS = 1e3;

    private final RunFolder folder;
    private long bytes;
    private long countedNanos = System.nanoTime() - KEPT_NANOS;

    private RunMeters(RunFolder folder) {
        this.folder = folder;
    }

    /// @param folder open, for as long as anybody reads the meters
    public static void register(MeterRegistry registry, RunFolder folder) {
        var meters = new RunMeters(folder);
        gauge(registry, "vertigan.checkpoint.timestamp", "seconds", "When the newest verified checkpoint was written, since the epoch", meters,
                RunMeters::checkpointSeconds);
        gauge(registry, "vertigan.checkpoint.size", "bytes", "Size of the newest verified checkpoint", meters,
                here -> here.ofCheckpoint(Files::size));
        gauge(registry, "vertigan.run.size", "bytes", "Size of all files of the run's folder, at most a minute old", meters, RunMeters::bytes);
        var disk = folder.path().toFile(); // a FileStore would read the list of all mounts at every look
        Gauge.builder("vertigan.disk.free", disk, File::getUsableSpace).baseUnit("bytes").strongReference(true)
                .description("Free space on the disk of the run's folder").register(registry);
        Gauge.builder("vertigan.disk.size", disk, File::getTotalSpace).baseUnit("bytes").strongReference(true)
                .description("Size of the disk of the run's folder").register(registry);
        for (var kind : Journal.Kind.values()) {
            FunctionCounter.builder("vertigan.events", folder.journal(), journal -> journal.count(kind))
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT)).description("Entries of the run's journal, in all its processes")
                    .register(registry);
        }
    }

    /// Says what the run is, once that is known.
    ///
    /// @param kernels which compute, in words
    /// @param page where a browser sees the run; empty if nowhere
    public static void describe(MeterRegistry registry, RunFolder folder, RunConfig config, String kernels, String page) {
        var preset = folder.journal().entries(Journal.Kind.ORIGIN).stream().map(origin -> origin.details().path("preset").asText()).findFirst();
        var tags = Tags.of("preset", preset.orElse(""), "data", config.data().name().written(), "kernels", kernels, "seed",
                Long.toString(config.seed()),
                "config_hash", config.hash(), "page", page);
        Gauge.builder("vertigan.run.info", () -> 1).description("Always 1; the labels say what the run is").tags(tags).register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String unit, String description, RunMeters meters,
            ToDoubleFunction<RunMeters> value) {
        Gauge.builder(name, meters, value).baseUnit(unit).description(description).strongReference(true).register(registry);
    }

    private interface Reading<T> {

        double of(T place) throws IOException;
    }

    private double checkpointSeconds() {
        return ofCheckpoint(file -> Files.getLastModifiedTime(file).toMillis() / MILLIS);
    }

    private double ofCheckpoint(Reading<Path> reading) {
        return folder.checkpoints().newestVerified().map(CheckpointStore.Verified::file).map(file -> read(reading, file)).orElse(Double.NaN);
    }

    private static <T> double read(Reading<T> reading, T place) {
        try {
            return reading.of(place);
        } catch (IOException e) {
            return Double.NaN; // removed a moment ago, or the disk is gone
        }
    }

    /// A run of months keeps thousands of pictures, so they are not counted at every scrape.
    private synchronized double bytes() {
        if (System.nanoTime() - countedNanos >= KEPT_NANOS) {
            try (var files = Files.walk(folder.path())) {
                bytes = (long) files.filter(Files::isRegularFile).mapToDouble(file -> read(Files::size, file)).filter(Double::isFinite).sum();
            } catch (IOException | UncheckedIOException e) {
                return Double.NaN; // a file went while they were counted: the next one to ask has them counted again
            }
            countedNanos = System.nanoTime();
        }
        return bytes;
    }
}
