package dev.vertigan.cli;

import dev.vertigan.config.Assignment;
import dev.vertigan.table.TableSpec;
import dev.vertigan.table.TableSpec.Row;
import dev.vertigan.table.TableText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        description = {"Trains each configuration of a table with several seeds and measures all of them beside published figures.",
            "Each run has a process and a folder of its own, and is measured as `vertigan evaluate` does, with real data beside it. Called again, it "
                    + "goes on where it was, and measures anew what is there."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan table ring --seeds 10 --set compute.threads=1 --jobs 2",
            "  vertigan table mnist --only lsgan,sn-gan --steps 2000 --seeds 1",
            "  vertigan table --config my.json --steps 20000 --seeds 3 \\",
            "      --vary batch=64,256 --vary game.objective=hinge,relativistic"})
final class TableCommand implements Callable<Integer> {

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

        @Option(names = "--only", paramLabel = "PRESET", split = ",", description = "These rows of the table alone.")
        private List<String> presets = List.of();

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
        new CellRunner(cells.stream().map(cell -> new CellRunner.Cell(cell.folder(), cell.row().steps(), arguments(cell))).toList(), which.jobs,
                LOOK_MILLIS, console).run();
        var text = new TableText(MeasuredTable.of(table, cells, which.count, console));
        Sinks.text(folder.resolve("table.md"), text.markdown());
        Sinks.text(folder.resolve("table.json"), text.json().toPrettyString() + "\n");
        Sinks.text(folder.resolve("table.csv"), text.csv());
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
        var rows = plain.rows().stream().filter(row -> which.presets.isEmpty() || which.presets.contains(row.preset()))
                .map(row -> new Row(row.preset(), row.file(), which.steps.orElse(row.steps()), row.settings()))
                .flatMap(row -> variations().stream().map(row::with)).toList();
        which.presets.stream().filter(preset -> plain.rows().stream().noneMatch(row -> row.preset().equals(preset))).findFirst()
                .ifPresent(preset -> {
                    throw wrong(String.format(Locale.ROOT, "--only: expected one of %s, found \"%s\"",
                            plain.rows().stream().map(Row::preset).distinct().collect(Collectors.joining(", ")), preset));
                });
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

    private MeasuredTable.Cell cell(Path folder, Row row, long seed) {
        var assignments = new ArrayList<Assignment>();
        settings(row).stream().map(Assignment::parse).forEach(assignments::add);
        assignments.add(new Assignment("seed", String.valueOf(seed), "--seed"));
        assignments.add(new Assignment("steps", String.valueOf(row.steps()), "--steps"));
        which.dataDir.ifPresent(dir -> assignments.add(new Assignment("data.dir", dir, "--data-dir " + dir)));
        var config = Main.called(spec, () -> Configurations.LOADER.load(row.preset(), row.file().map(Path::of), assignments));
        String words = row.name().replaceAll("[^\\p{Alnum}.=-]+", "_");
        return new MeasuredTable.Cell(row, seed, folder.resolve(words + "-seed-" + seed), config);
    }

    private List<String> settings(Row row) {
        return Stream.concat(which.settings.stream(), row.settings().stream()).toList();
    }

    /// As a person would type them after `vertigan train`.
    private List<String> arguments(MeasuredTable.Cell cell) {
        var words = new ArrayList<>(List.of("--preset", cell.row().preset()));
        cell.row().file().ifPresent(file -> words.addAll(List.of("--config", file)));
        settings(cell.row()).forEach(setting -> words.addAll(List.of("--set", setting)));
        which.dataDir.ifPresent(dir -> words.addAll(List.of("--data-dir", dir)));
        words.addAll(List.of("--seed", String.valueOf(cell.seed()), "--steps", String.valueOf(cell.row().steps())));
        return words;
    }
}
