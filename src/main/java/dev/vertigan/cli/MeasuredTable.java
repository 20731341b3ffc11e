package dev.vertigan.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Datasets;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Features;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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

    /// What samples are measured against: pixels always in [0, 1], so that runs of either scale share it.
    private record Yardstick(RunConfig.Data data, String features) {

        static Yardstick of(RunConfig config) {
            return new Yardstick(config.data(), config.evaluation().features());
        }
    }

    /// What one data set's samples are measured with.
    ///
    /// @param first the first run of these data
    private record Ruler(Cell first, RunConfig.Data data, Measuring measuring, Evaluation evaluation) {

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
        var rulers = new LinkedHashMap<Yardstick, Ruler>(); // rows may be of several data sets
        var figures = new LinkedHashMap<Cell, Map<Metric, Double>>();
        for (var cell : cells) {
            var config = cell.config.withAny(Map.of("data.scale", TextNode.valueOf(Choice.Scale.UNIT.written())));
            var ruler = rulers.computeIfAbsent(Yardstick.of(config), _ -> ruler(cell, config));
            drawn(cell, ruler::measure).ifPresent(found -> figures.put(cell, found));
        }
        console.settle();
        var rows = table.rows().stream().map(row -> new TableResult.Runs(row, cells.stream().filter(cell -> cell.row.equals(row))
                .map(cell -> new TableResult.Run(String.valueOf(cell.folder.getFileName()), cell.seed, cell.config.hash(),
                        figures.getOrDefault(cell, Map.of()), CellProcess.Cost.cpu(cell.folder), CellProcess.Cost.wall(cell.folder)))
                .toList())).toList();
        var all = List.copyOf(rulers.values());
        var notes = new LinkedHashMap<>(Circumstances.notes(kernels));
        String seen = all.stream().flatMap(ruler -> ruler.measuring.features().stream()).map(Features::describe).distinct()
                .collect(Collectors.joining(", "));
        if (!seen.isEmpty()) {
            notes.put("images seen by", seen);
        }
        var others = all.stream().flatMap(ruler -> others(ruler, all.size() == 1 ? "" : " of " + ruler.first.row.name()).stream()).toList();
        console.settle();
        return new TableResult(table, all.getFirst().evaluation.count(), rows, others, notes);
    }

    private Ruler ruler(Cell first, RunConfig config) {
        var measuring = new Measuring(config, kernels, console);
        return new Ruler(first, config.data(), measuring, measuring.evaluation(count));
    }

    /// What is made of a run's samples; nothing if it has not made its turns.
    private <T> Optional<T> drawn(Cell cell, Function<Measuring.Source, T> use) {
        if (!CellProcess.done(cell.folder, cell.row.steps())) {
            return Optional.empty();
        }
        console.live("measuring " + cell.folder.getFileName());
        try (var generator = OpenGenerator.open(cell.folder, Optional.of(cell.row.steps()), true, console)) {
            var latents = Latents.drawn(cell.config, cell.seed);
            return Optional.of(use.apply(Measuring.Source.inUnits(generator.samples(latents, 0), generator.form())));
        }
    }

    /// Other rows than runs, on one data set.
    ///
    /// @param of what tells it from others
    private List<TableResult.Measured> others(Ruler ruler, String of) {
        var all = new ArrayList<TableResult.Measured>();
        all.add(new TableResult.Measured("real data" + of, ruler.evaluation.real()));
        if (!table.baselines().isEmpty()) {
            baselines(ruler, of, all);
        }
        return all;
    }

    private void baselines(Ruler ruler, String of, List<TableResult.Measured> all) {
        var data = Datasets.open(ruler.data, new DownloadLine(console));
        int features = data.features();
        int samples = ruler.evaluation.count();
        float[] reals = data.read(new BatchOrder(SEED, data.size()), 0, (int) Math.min(data.size(), (long) REALS_A_CENTROID * samples));
        var baselines = new Baselines(kernels, features);
        for (var baseline : table.baselines()) {
            console.live("measuring " + baseline.words() + of);
            var rows = switch (baseline) {
                case CENTROIDS -> Optional.of(baselines.centroids(samples, reals));
                case NEAREST -> drawn(ruler.first, source -> baselines.nearestOf(source.draw(0, samples), reals));
            };
            rows.ifPresent(found -> all.add(new TableResult.Measured(baseline.words() + of, ruler.measure((from, many) -> Arrays.copyOfRange(found,
                    Math.toIntExact(from) * features, (Math.toIntExact(from) + many) * features)))));
        }
    }
}
