package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Datasets;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.game.Latents;
import dev.vertigan.table.Baselines;
import dev.vertigan.table.TableResult;
import dev.vertigan.table.TableSpec;
import dev.vertigan.table.TableSpec.Row;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// Measures the runs of a table, and beside them real data and what can pass for samples.
final class MeasuredTable {

    private static final int REALS_A_CENTROID = 5;
    private static final long SEED = 11; // of the order that training data are taken in

    private final TableSpec table;
    private final List<Cell> cells;
    private final Optional<Integer> count;
    private final Kernels kernels;
    private final Console console;

    /// A run of the table.
    record Cell(Row row, long seed, Path folder, RunConfig config) {}

    /// What one data set's samples are measured with.
    private record Ruler(Measuring measuring, Evaluation evaluation) {

        Map<Metric, Double> measure(Measuring.Source source) {
            return measuring.measure(evaluation, source);
        }
    }

    private MeasuredTable(TableSpec table, List<Cell> cells, Optional<Integer> count, Kernels kernels, Console console) {
        this.table = table;
        this.cells = cells;
        this.count = count;
        this.kernels = kernels;
        this.console = console;
    }

    /// @param cells one or more; those that have not made their turns have no figures
    /// @param count of samples; empty = as many as are usual for such data
    static TableResult of(TableSpec table, List<Cell> cells, Optional<Integer> count, Console console) {
        try (var kernels = Backend.open(cells.getFirst().config.compute())) {
            return new MeasuredTable(table, cells, count, kernels, console).measure();
        }
    }

    private TableResult measure() {
        var rulers = new LinkedHashMap<RunConfig.Data, Ruler>(); // rows may be of several data sets
        var figures = new LinkedHashMap<Cell, Map<Metric, Double>>();
        for (var cell : cells) {
            var ruler = rulers.computeIfAbsent(cell.config.data(), this::ruler);
            drawn(cell, ruler::measure).ifPresent(found -> figures.put(cell, found));
        }
        console.settle();
        var rows = table.rows().stream().map(row -> new TableResult.Runs(row, cells.stream().filter(cell -> cell.row.equals(row))
                .map(cell -> new TableResult.Run(String.valueOf(cell.folder.getFileName()), cell.seed, cell.config.hash(),
                        figures.getOrDefault(cell, Map.of()), CellProcess.Cost.cpu(cell.folder), CellProcess.Cost.wall(cell.folder)))
                .toList())).toList();
        var first = Objects.requireNonNull(rulers.get(cells.getFirst().config.data()));
        var notes = new LinkedHashMap<>(Circumstances.notes(kernels));
        first.measuring.features().ifPresent(network -> notes.put("images seen by", network.describe()));
        return new TableResult(table, first.evaluation.count(), rows, others(first), notes);
    }

    private Ruler ruler(RunConfig.Data data) {
        var measuring = new Measuring(data, kernels, console);
        return new Ruler(measuring, measuring.evaluation(count));
    }

    /// What is made of a run's samples; nothing if it has not made its turns.
    private <T> Optional<T> drawn(Cell cell, Function<Measuring.Source, T> use) {
        if (!CellProcess.done(cell.folder, cell.row.steps())) {
            return Optional.empty();
        }
        console.live("measuring " + cell.folder.getFileName());
        try (var generator = OpenGenerator.open(cell.folder, Optional.of(cell.row.steps()), true, console)) {
            var latents = Latents.drawn(cell.config, cell.seed);
            return Optional.of(use.apply((from, many) -> generator.draw(latents, from, many)));
        }
    }

    /// Other rows than runs, on the first run's data.
    private List<TableResult.Measured> others(Ruler ruler) {
        var all = new ArrayList<TableResult.Measured>();
        all.add(new TableResult.Measured("real data", ruler.evaluation.real()));
        if (!table.baselines().isEmpty()) {
            baselines(ruler, all);
        }
        console.settle();
        return all;
    }

    private void baselines(Ruler ruler, List<TableResult.Measured> all) {
        var first = cells.getFirst();
        var data = Datasets.open(first.config.data(), new DownloadLine(console));
        int features = data.features();
        int samples = ruler.evaluation.count();
        float[] reals = data.read(new BatchOrder(SEED, data.size()), 0, (int) Math.min(data.size(), (long) REALS_A_CENTROID * samples));
        var baselines = new Baselines(kernels, features);
        for (var baseline : table.baselines()) {
            console.live("measuring " + baseline.words());
            var rows = switch (baseline) {
                case CENTROIDS -> Optional.of(baselines.centroids(samples, reals));
                case NEAREST -> drawn(first, source -> baselines.nearestOf(source.draw(0, samples), reals));
            };
            rows.ifPresent(found -> all.add(new TableResult.Measured(baseline.words(), ruler.measure((from, many) -> Arrays.copyOfRange(found,
                    Math.toIntExact(from) * features, (Math.toIntExact(from) + many) * features)))));
        }
    }
}
