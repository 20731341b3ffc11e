package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.game.Latents;
import dev.vertigan.table.Baselines;
import dev.vertigan.table.TableResult;
import dev.vertigan.table.TableSpec;
import dev.vertigan.table.TableSpec.Row;
import dev.vertigan.table.TableText;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains several runs and shows what they come to, beside what others report.
@Command(name = "table", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Trains each configuration of a table with several seeds, each run in a process and a folder of its own, and measures all of "
                + "them as `vertigan evaluate` does, with real data and published figures beside them.",
            "Called again, it goes on where it was, and measures anew what is there."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan table ring --seeds 10 --set compute.threads=1 --jobs 2",
            "  vertigan table --config my.json --steps 20000 --seeds 3 --vary batch=64,256 --vary game.objective=hinge,relativistic"})
final class TableCommand implements Callable<Integer> {

    private static final int REALS_A_CENTROID = 5;
    private static final long SEED = 11; // of the order that training data are taken in
    private static final int LOOK_MILLIS = 200;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TABLE", arity = "0..1", completionCandidates = Names.class, description = "One of ${COMPLETION-CANDIDATES}.")
    private Optional<String> name;

    @ArgGroup(validate = false, heading = "%nA table of your own:%n", order = 1)
    private final Own own = new Own();

    @ArgGroup(validate = false, heading = "%nWhich runs:%n", order = 2)
    private final Which which = new Which();

    private static final class Own {

        @Option(names = "--config", paramLabel = "FILE", description = "JSON file with some of the settings.")
        private Optional<Path> file;

        @Option(names = "--preset", paramLabel = "NAME", completionCandidates = TrainCommand.Presets.class,
                description = "What it begins with (default: digits).")
        private Optional<String> preset;

        @Option(names = "--vary", paramLabel = "PATH=A,B,C",
                description = "Each of these values in turn; `;` between values that have commas themselves. Repeated: every combination.")
        private List<String> varied = List.of();
    }

    private static final class Which {

        @Option(names = "--seeds", paramLabel = "N", defaultValue = "3", description = "Runs of each configuration (default: ${DEFAULT-VALUE}).")
        private int seeds;

        @Option(names = "--steps", paramLabel = "N", description = "Turns of a run, if not those of the table.")
        private Optional<Long> steps;

        @Option(names = "--set", paramLabel = "PATH=VALUE", description = "One setting of all runs; may be repeated.")
        private List<String> settings = List.of();

        @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder with the data set's files.")
        private Optional<String> dataDir;

        @Option(names = "--jobs", paramLabel = "N", defaultValue = "1", description = "Runs at the same time (default: ${DEFAULT-VALUE}).")
        private int jobs;

        @Option(names = "--count", paramLabel = "N", description = "Samples to measure, if not as many as `vertigan evaluate` does.")
        private Optional<Integer> count;

        @Option(names = "--dir", paramLabel = "DIR", description = "Where the runs and the table go (default: tables/TABLE).")
        private Optional<Path> folder;
    }

    /// For the help and for completion.
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return TableSpec.NAMES.iterator();
        }
    }

    /// A run of the table.
    private record Cell(Row row, long seed, Path folder, RunConfig config) {}

    TableCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        check();
        var table = table();
        var folder = which.folder.orElseGet(() -> Path.of("tables", table.name()));
        var cells = table.rows().stream().flatMap(row -> LongStream.rangeClosed(1, which.seeds).mapToObj(seed -> cell(folder, row, seed))).toList();
        CellRunner.makeFolder(folder);
        new CellRunner(cells.stream().map(cell -> new CellRunner.Cell(cell.folder, cell.row.steps(), arguments(cell))).toList(), which.jobs,
                LOOK_MILLIS, console).run();
        var text = new TableText(measure(table, cells));
        write(folder.resolve("table.md"), text.markdown());
        write(folder.resolve("table.json"), text.json().toPrettyString() + "\n");
        write(folder.resolve("table.csv"), text.csv());
        text.markdown().lines().forEach(console::line);
        console.line(String.format(Locale.ROOT, "also in %s: table.md, table.json, table.csv", folder));
        return 0;
    }

    private void check() {
        if (which.seeds < 1 || which.jobs < 1 || which.steps.filter(steps -> steps < 1).isPresent() || which.count.filter(n -> n < 2).isPresent()) {
            throw wrong("--seeds, --jobs, --steps: expected 1 or more, and --count: 2 or more");
        }
        if (name.isPresent() && (own.file.isPresent() || own.preset.isPresent())) {
            throw wrong("expected a table's name, or --config or --preset for one of your own, found both");
        }
        if (name.isEmpty() && own.file.isEmpty() && own.preset.isEmpty()) {
            throw wrong("expected one of " + String.join(", ", TableSpec.NAMES) + ", or --config or --preset for a table of your own, found none");
        }
        name.filter(word -> !TableSpec.NAMES.contains(word)).ifPresent(word -> {
            throw wrong(String.format(Locale.ROOT, "expected one of %s, found \"%s\"", String.join(", ", TableSpec.NAMES), word));
        });
        if (name.isEmpty() && which.steps.isEmpty()) {
            throw wrong("--steps: expected how many turns a run makes, found nothing");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private TableSpec table() {
        var plain = name.map(TableSpec::of).orElseGet(this::ownTable);
        var rows = plain.rows().stream().map(row -> new Row(row.preset(), row.file(), which.steps.orElse(row.steps()), row.settings()))
                .flatMap(row -> variations().stream().map(row::with)).toList();
        return new TableSpec(plain.name(), plain.title(), plain.figures(), rows, plain.baselines(), plain.published());
    }

    private TableSpec ownTable() {
        String preset = own.preset.orElse("digits");
        String title = own.file.map(file -> String.valueOf(file.getFileName())).orElse(preset);
        return new TableSpec(title.replaceFirst("[.]json$", ""), title, List.of(),
                List.of(new Row(preset, own.file.map(Path::toString), which.steps.orElseThrow(), List.of())), List.of(), List.of());
    }

    /// Every combination of the values that are varied.
    private List<List<String>> variations() {
        var all = List.of(List.<String>of());
        for (String one : own.varied) {
            var assignment = Main.called(spec, () -> Assignment.parse(one));
            var values = List.of(assignment.value().split(assignment.value().contains(";") ? ";" : ","));
            all = all.stream().flatMap(before -> values.stream()
                    .map(value -> Stream.concat(before.stream(), Stream.of(assignment.path() + "=" + value.strip())).toList())).toList();
        }
        return all;
    }

    private Cell cell(Path folder, Row row, long seed) {
        var assignments = new ArrayList<Assignment>();
        settings(row).stream().map(Assignment::parse).forEach(assignments::add);
        assignments.add(new Assignment("seed", String.valueOf(seed), "--seed"));
        assignments.add(new Assignment("steps", String.valueOf(row.steps()), "--steps"));
        which.dataDir.ifPresent(dir -> assignments.add(new Assignment("data.dir", dir, "--data-dir " + dir)));
        var config = Main.called(spec, () -> Configurations.LOADER.load(row.preset(), row.file().map(Path::of), assignments));
        String words = row.name().replaceAll("[^\\p{Alnum}.=-]+", "_");
        return new Cell(row, seed, folder.resolve(words + "-seed-" + seed), config);
    }

    private List<String> settings(Row row) {
        return Stream.concat(which.settings.stream(), row.settings().stream()).toList();
    }

    /// As a person would type them after `vertigan train`.
    private List<String> arguments(Cell cell) {
        var words = new ArrayList<>(List.of("--preset", cell.row.preset()));
        cell.row.file().ifPresent(file -> words.addAll(List.of("--config", file)));
        settings(cell.row).forEach(setting -> words.addAll(List.of("--set", setting)));
        which.dataDir.ifPresent(dir -> words.addAll(List.of("--data-dir", dir)));
        words.addAll(List.of("--seed", String.valueOf(cell.seed), "--steps", String.valueOf(cell.row.steps())));
        return words;
    }

    private TableResult measure(TableSpec table, List<Cell> cells) {
        var first = cells.getFirst().config;
        try (var kernels = Backend.open(first.compute())) {
            var evaluations = new LinkedHashMap<RunConfig.Data, Measured>(); // rows may be of several data sets
            var figures = new LinkedHashMap<Cell, Map<Metric, Double>>();
            for (var cell : cells) {
                var measured = evaluations.computeIfAbsent(cell.config.data(), data -> Measured.of(data, which.count, kernels, console));
                figures.put(cell, figures(cell, measured));
            }
            console.settle();
            var rows = table.rows().stream().map(row -> new TableResult.Runs(row, cells.stream().filter(cell -> cell.row.equals(row))
                    .map(cell -> new TableResult.Run(String.valueOf(cell.folder.getFileName()), cell.seed, cell.config.hash(),
                            figures.getOrDefault(cell, Map.of()), CellProcess.Cost.cpu(cell.folder), CellProcess.Cost.wall(cell.folder)))
                    .toList())).toList();
            var of = Objects.requireNonNull(evaluations.get(first.data()));
            var notes = new LinkedHashMap<>(Circumstances.notes(kernels));
            of.measuring.features().ifPresent(network -> notes.put("images seen by", network.describe()));
            return new TableResult(table, of.evaluation.count(), rows, others(table, cells.getFirst(), of, kernels), notes);
        }
    }

    /// What one data set's samples are measured with.
    private record Measured(Measuring measuring, Evaluation evaluation) {

        static Measured of(RunConfig.Data data, Optional<Integer> count, Kernels kernels, Console console) {
            var measuring = new Measuring(data, kernels, console);
            return new Measured(measuring, measuring.evaluation(count));
        }
    }

    /// None if the run has not made its turns.
    private Map<Metric, Double> figures(Cell cell, Measured measured) {
        if (!CellProcess.done(cell.folder, cell.row.steps())) {
            return Map.of();
        }
        console.live("measuring " + cell.folder.getFileName());
        try (var generator = OpenGenerator.open(cell.folder, Optional.of(cell.row.steps()), true, console)) {
            var latents = Latents.drawn(cell.config, cell.seed);
            return measured.measuring.measure(measured.evaluation, (from, many) -> generator.draw(latents, from, many));
        }
    }

    private List<TableResult.Measured> others(TableSpec table, Cell cell, Measured of, Kernels kernels) {
        var all = new ArrayList<TableResult.Measured>();
        all.add(new TableResult.Measured("real data", of.evaluation.real()));
        var data = Datasets.open(cell.config.data(), new DownloadLine(console));
        int count = of.evaluation.count();
        var baselines = new Baselines(kernels, data.features());
        float[] reals = table.baselines().isEmpty() ? new float[0] : reals(data, (int) Math.min(data.size(), (long) REALS_A_CENTROID * count));
        for (var baseline : table.baselines()) {
            console.live("measuring " + baseline.words());
            var samples = switch (baseline) {
                case CENTROIDS -> Optional.of(baselines.centroids(count, reals));
                case NEAREST -> drawn(cell, count).map(drawn -> baselines.nearestOf(drawn, reals));
            };
            samples.ifPresent(rows -> all.add(new TableResult.Measured(baseline.words(), of.measuring.measure(of.evaluation, (from, many) -> {
                float[] part = new float[many * data.features()];
                System.arraycopy(rows, Math.toIntExact(from) * data.features(), part, 0, part.length);
                return part;
            }))));
        }
        console.settle();
        return all;
    }

    private Optional<float[]> drawn(Cell cell, int count) {
        if (!CellProcess.done(cell.folder, cell.row.steps())) {
            return Optional.empty();
        }
        try (var generator = OpenGenerator.open(cell.folder, Optional.of(cell.row.steps()), true, console)) {
            return Optional.of(generator.draw(Latents.drawn(cell.config, cell.seed), 0, count));
        }
    }

    private static float[] reals(Dataset data, int count) {
        var order = new BatchOrder(SEED, data.size());
        var reals = new float[count * data.features()];
        for (int i = 0; i < count; i++) {
            data.read(order.index(i), reals, i * data.features());
        }
        return reals;
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw Sinks.unwritable(file, e);
        }
    }
}
