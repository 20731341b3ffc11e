package dev.vertigan.cli;

import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Form;
import dev.vertigan.export.EventFile;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/// Writes a run's reports and pictures as an event file, in the order of steps. A picture's time is that of the report before it.
final class TensorBoard {

    private final EventFile events;
    private final RunConfig config;
    private final NavigableMap<Long, Path> pictures; // not yet written
    private double time; // seconds since the epoch, of the newest event
    private long reports;

    private TensorBoard(EventFile events, RunConfig config, NavigableMap<Long, Path> pictures, double time) {
        this.events = events;
        this.config = config;
        this.pictures = pictures;
        this.time = time;
    }

    /// @param folder where TensorBoard looks; the run gets a folder there of its name
    static void write(Path run, RunConfig config, Path folder, Console console) {
        Path into = folder.resolve(RunFolders.name(run));
        double start = RunReader.journal(run).stream().mapToLong(entry -> entry.time()).min().orElse(0) / 1e3;
        try (var events = new EventFile(into, (long) start)) {
            var board = new TensorBoard(events, config, new TreeMap<>(RunReader.samples(run)), start);
            int drawn = board.pictures.size();
            RunReader.reports(run, board::report);
            board.draw(Long.MAX_VALUE);
            console.line(String.format(Locale.ROOT, "%,d reports and %,d pictures in %s", board.reports, drawn, events.file()));
        } catch (UncheckedIOException e) {
            throw Sinks.unwritable(into, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw Sinks.unwritable(into, e);
        }
    }

    private void report(Report report) {
        draw(report.step());
        time = report.time() / 1e3;
        var values = new LinkedHashMap<String, Double>();
        report.values().forEach((metric, value) -> values.put(tag(metric), value));
        try {
            events.scalars(time, report.step(), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reports++;
    }

    /// TensorBoard groups by what stands before the stroke.
    private static String tag(Metric metric) {
        return metric.curve().map(curve -> curve.chart().name().toLowerCase(Locale.ROOT) + "/").orElse("") + metric.column();
    }

    /// The pictures of steps before that one.
    private void draw(long before) {
        var due = pictures.headMap(before, false);
        due.forEach((step, file) -> {
            try {
                byte[] png = file.toString().endsWith(".png") ? Files.readAllBytes(file) : plot(file);
                var image = ImageIO.read(new ByteArrayInputStream(png));
                events.image(time, step, "samples", image.getWidth(), image.getHeight(), png);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        due.clear();
    }

    private byte[] plot(Path file) throws IOException {
        var values = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] samples = new float[values.remaining()];
        values.get(samples);
        return PointPlot.png(Datasets.mixture(config.data()), Form.of(config.data()).features(), samples);
    }
}
