package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

/// The run that a test's dashboard shows, and a fork of it at step 2,000; what is done to them is noted.
///
/// @param data where data of one's own are put
record TwoRuns(Path data, List<String> done, List<String> tags) implements Runs {

    static final String PARENT = Dashboard.INFO.name();
    static final String FORK = "gentler";

    TwoRuns(Path data) {
        this(data, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    /// D's loss is that of its run, and what else there is of the same kind.
    static List<Report> reports(long from, long to, double lossD) {
        return LongStream.rangeClosed(from, to).filter(step -> step % 100 == 0)
                .mapToObj(step -> Reports.of(step, 1_700_000_000_000L + step, lossD, 9, 0.5, 0.5, 2, 3, 0.001, 0.002, 4.5, 50_000)).toList();
    }

    @Override
    public List<Run> list() {
        return List.of(
                new Run(FORK, false, "ring", Dataset.Kind.POINTS_2D, List.of(), "non-saturating", 1, "", 0, Optional.of(4_000L), 0, 0, "stop",
                        Optional.of(new Lineage(PARENT, 2_000, Map.of())), Optional.of(reports(4_000, 4_000, 3).getFirst()), List.copyOf(tags),
                        ""),
                new Run(PARENT, true, "ring", Dataset.Kind.POINTS_2D, List.of(), "non-saturating", 1, "ring", 0, Optional.of(4_000L), 0, 0, "stop",
                        Optional.empty(), Optional.empty(), List.of(), ""));
    }

    @Override
    public boolean note(String name, List<String> now, String note) {
        done.add("note " + name + " " + now);
        tags.clear();
        tags.addAll(now);
        return true;
    }

    @Override
    public Optional<History> history(String name) {
        return name.equals(FORK) ? Optional.of((_, _, _) -> reports(2_100, 4_000, 3)) : Optional.empty();
    }

    @Override
    public Optional<Samples> samples(String name) {
        return Optional.of(new Samples() {

            @Override
            public List<Long> steps() {
                return List.of(2_000L, 3_000L, 4_000L);
            }

            @Override
            public Optional<byte[]> read(long step, String suffix) {
                return Optional.of(new byte[16]);
            }
        });
    }

    @Override
    public Optional<SortedMap<Long, Path>> checkpoints(String name) {
        try {
            return Optional.of(new TreeMap<>(Map.of(10L, Files.write(data.resolve("a-checkpoint"), new byte[] {1, 2, 3}))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void rename(String name, String to) {
        done.add("rename " + name + " " + to);
    }

    @Override
    public void delete(String name) {
        if (name.equals(PARENT)) {
            throw new UserError("expected a run that is not being played");
        }
        done.add("delete " + name);
    }

    @Override
    public List<Preset> presets() {
        return List.of(new Preset("ring", "ring", "relativistic"), new Preset("mnist", "mnist", "non-saturating"));
    }

    @Override
    public Optional<byte[]> thumbnail(String preset) {
        return preset.equals("ring") ? Optional.of(new byte[16]) : Optional.empty();
    }

    @Override
    public void begin(String name, String preset, Map<String, JsonNode> settings, Optional<String> data) {
        if (settings.containsKey("batch")) {
            throw new UserError("the configuration has a problem:\n  batch: expected a whole number");
        }
        done.add("begin " + name + " " + preset + " " + settings + data.map(set -> " " + set.replaceAll("\\d+", "N")).orElse(""));
    }
}
