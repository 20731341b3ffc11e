package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.config.RunConfig;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import dev.vertigan.table.TableText;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Holds runs against each other: the settings that differ, and the newest value of everything that was measured.
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Prints the settings that decide the result and differ between runs, and the newest value of every metric.",
        footerHeading = "%nExample:%n",
        footer = "  vertigan compare runs/2026-11-21-ring runs/2026-11-21-ring-2 --csv curves.csv")
final class CompareCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs' folders.")
    private List<Path> runs = List.of();

    @Option(names = "--csv", paramLabel = "FILE", converter = OutputFile.class, description = "Also write all reports of all runs, one a line.")
    private Optional<Path> csv;

    @Mixin
    private PrintedForm form;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        form.check();
        var settings = settings(runs.stream().map(run -> Configurations.ofRun(run)).toList());
        var newest = runs.stream().map(CompareCommand::newest).toList();
        if (form.json()) {
            console.line(json(settings, newest).toPrettyString());
        } else {
            var rows = rows(settings, newest);
            (form.markdown() ? TableText.table(rows) : aligned(rows)).forEach(console::line);
        }
        csv.ifPresent(this::write);
        return 0;
    }

    private static List<String> row(String name, Stream<String> values) {
        return Stream.concat(Stream.of(name), values).toList();
    }

    /// The settings that differ, by path, as each run has them.
    private static SequencedMap<String, List<JsonNode>> settings(List<RunConfig> configs) {
        var changes = configs.stream().map(config -> config.changesFrom(configs.getFirst())).toList();
        var paths = changes.stream().flatMap(change -> change.keySet().stream()).collect(Collectors.toCollection(TreeSet::new));
        var settings = new LinkedHashMap<String, List<JsonNode>>();
        for (String path : paths) {
            var before = firstValue(configs, changes, path);
            settings.put(path, changes.stream().map(change -> change.getOrDefault(path, before)).toList());
        }
        return settings;
    }

    /// What the first run has where another differs: that other's difference the other way round.
    private static JsonNode firstValue(List<RunConfig> configs, List<? extends Map<String, JsonNode>> changes, String path) {
        for (int i = 1; i < configs.size(); i++) {
            if (changes.get(i).containsKey(path)) {
                return Objects.requireNonNull(configs.getFirst().changesFrom(configs.get(i)).get(path));
            }
        }
        throw new IllegalStateException(path + ": expected a run that differs, found none");
    }

    private List<List<String>> rows(Map<String, List<JsonNode>> settings, List<Map<Metric, Double>> newest) {
        var rows = new ArrayList<List<String>>();
        rows.add(row("", RunFolders.names(runs).stream()));
        settings.forEach((path, values) -> rows.add(row(path, values.stream().map(CompareCommand::text))));
        for (var metric : Metric.values()) {
            if (newest.stream().anyMatch(values -> values.containsKey(metric))) {
                rows.add(row(metric.column(), newest.stream().map(values -> Optional.ofNullable(values.get(metric))
                        .map(value -> String.format(Locale.ROOT, "%.5g", value)).orElse(""))));
            }
        }
        return rows;
    }

    private ArrayNode json(Map<String, List<JsonNode>> settings, List<Map<Metric, Double>> newest) {
        var list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < runs.size(); i++) {
            int number = i;
            var run = list.addObject().put("run", runs.get(i).toString());
            var own = run.putObject("settings");
            settings.forEach((path, values) -> own.set(path, values.get(number)));
            var figures = run.putObject("figures");
            newest.get(i).forEach((metric, value) -> figures.put(metric.column(), value));
        }
        return list;
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }

    private static Map<Metric, Double> newest(Path run) {
        var values = new EnumMap<Metric, Double>(Metric.class);
        RunReader.reports(run, report -> values.putAll(report.values()));
        return values;
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var lines = new ArrayList<String>();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private void write(Path file) {
        try (var printer = new CSVPrinter(Files.newBufferedWriter(file), CSVFormat.RFC4180)) {
            printer.printRecord(Stream.concat(Stream.of("run", "step", "time"), Stream.of(Metric.values()).map(Metric::column)));
            var names = RunFolders.names(runs).iterator();
            for (var run : runs) {
                String name = names.next();
                RunReader.reports(run, report -> write(name, report, printer));
            }
        } catch (UncheckedIOException e) {
            throw Sinks.unwritable(file, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw Sinks.unwritable(file, e);
        }
        console.line("all reports in " + file);
    }

    private static void write(String run, Report report, CSVPrinter printer) {
        var values = Stream.of(Metric.values()).map(metric -> Optional.ofNullable(report.values().get(metric)).map(Object::toString).orElse(""));
        try {
            printer.printRecord(Stream.concat(Stream.of(run, report.step(), report.time()), values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
