package dev.vertigan.table;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.table.TableResult.Run;
import dev.vertigan.table.TableResult.Runs;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/// Forms of a table that was measured.
public final class TableText {

    private static final JsonMapper JSON = new JsonMapper();

    private final TableResult result;
    private final List<Metric> figures;

    public TableText(TableResult result) {
        this.result = result;
        figures = result.figures();
    }

    /// For documents: means ± standard errors and the range, beside what others report, then every run.
    public String markdown() {
        var lines = new ArrayList<>(List.of("## " + result.spec().title(), ""));
        lines.addAll(table(overall()));
        lines.add("");
        lines.add(String.format(Locale.ROOT, "Means over runs ± standard error, and from the least to the greatest; %,d samples each.",
                result.samples()));
        lines.add("");
        lines.addAll(table(everyRun()));
        lines.add("");
        lines.add(notes(result.notes()));
        return String.join("\n", lines) + "\n";
    }

    /// Where, when and by what it was made, in a line.
    public static String notes(Map<String, String> notes) {
        return String.join("; ", notes.entrySet().stream().map(note -> note.getKey() + ": " + note.getValue()).toList()) + ".";
    }

    private List<List<String>> overall() {
        var rows = new ArrayList<List<String>>();
        rows.add(row("", "Runs", column -> column, "CPU s", "Wall s", "Source"));
        for (var runs : result.rows()) {
            rows.add(cells("**" + runs.row().name() + "**", String.valueOf(runs.runs().size()),
                    metric -> runs.summary(metric).map(summary -> shown(summary, metric)).orElse(runs.failed() ? "failed" : ""),
                    mean(runs, Run::cpuSeconds),
                    mean(runs, Run::wallSeconds), String.format(Locale.ROOT, "here, %,d turns", runs.row().steps())));
        }
        for (var measured : result.measured()) {
            rows.add(cells(measured.name(), "", metric -> value(measured.figures(), metric), "", "", "here"));
        }
        for (var published : result.spec().published()) {
            rows.add(cells(published.name(), "", metric -> published.figures().getOrDefault(metric, ""), "", "", published.source()));
        }
        return rows;
    }

    private List<List<String>> everyRun() {
        var rows = new ArrayList<List<String>>();
        rows.add(row("Run", "Seed", column -> column, "CPU s", "Wall s", "Configuration"));
        for (var runs : result.rows()) {
            for (var run : runs.runs()) {
                rows.add(cells(run.folder(), String.valueOf(run.seed()), metric -> value(run.figures(), metric), seconds(run.cpuSeconds()),
                        seconds(run.wallSeconds()), run.hash().substring(0, 12)));
            }
            if (runs.runs().size() > 1) {
                rows.add(cells("median", "", metric -> runs.summary(metric).map(summary -> number(metric, summary.median())).orElse(""), "", "", ""));
            }
        }
        return rows;
    }

    private List<String> row(String name, String second, Function<String, String> header, String... last) {
        return cells(name, second, metric -> header.apply(metric.column()), last);
    }

    private List<String> cells(String name, String second, Function<Metric, String> cell, String... last) {
        return Stream.of(Stream.of(name, second), figures.stream().map(cell), Stream.of(last)).flatMap(cells -> cells).toList();
    }

    private static String shown(Summary summary, Metric metric) {
        return summary.count() == 1 ? number(metric, summary.mean())
                : String.format(Locale.ROOT, "%s ± %s (%s to %s)", mean(metric, summary.mean()), mean(metric, summary.standardError()),
                        number(metric, summary.least()), number(metric, summary.greatest()));
    }

    private static String mean(Metric metric, double value) {
        return metric == Metric.MODES ? String.format(Locale.ROOT, "%.1f", value) : number(metric, value);
    }

    private static String number(Metric metric, double value) {
        return metric == Metric.MODES ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.4f" : "%.1f", value);
    }

    private static String value(Map<Metric, Double> figures, Metric metric) {
        return Optional.ofNullable(figures.get(metric)).map(value -> number(metric, value)).orElse("");
    }

    private static String seconds(OptionalDouble seconds) {
        return seconds.isPresent() ? String.format(Locale.ROOT, "%.0f", seconds.getAsDouble()) : "";
    }

    private static String mean(Runs runs, Function<Run, OptionalDouble> of) {
        return seconds(runs.runs().stream().map(of).flatMapToDouble(OptionalDouble::stream).average());
    }

    /// The first row is the header; columns without anything in them are left out.
    public static List<String> table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        var lines = new ArrayList<String>();
        var kept = new ArrayList<Integer>();
        for (int i = 0; i < columns; i++) {
            int column = i;
            if (rows.stream().skip(1).anyMatch(row -> !row.get(column).isEmpty())) {
                kept.add(column);
            }
        }
        for (var row : rows) {
            lines.add("| " + String.join(" | ", kept.stream().map(row::get).map(cell -> cell.replace("|", "\\|")).toList()) + " |");
            if (lines.size() == 1) {
                lines.add("|" + String.join("|", Collections.nCopies(kept.size(), "---")) + "|");
            }
        }
        return lines;
    }

    /// Everything, with the figures' full precision.
    public ObjectNode json() {
        var tree = JSON.createObjectNode().put("table", result.spec().name()).put("title", result.spec().title()).put("samples", result.samples());
        var notes = tree.putObject("notes");
        result.notes().forEach(notes::put);
        var rows = tree.putArray("rows");
        for (var runs : result.rows()) {
            var row = rows.addObject().put("name", runs.row().name()).put("preset", runs.row().preset()).put("steps", runs.row().steps());
            var summaries = row.putObject("figures");
            figures.forEach(metric -> runs.summary(metric).ifPresent(summary -> summaries.putPOJO(metric.column(), summary)));
            var each = row.putArray("runs");
            runs.runs().forEach(run -> put(each.addObject(), run));
        }
        var measured = tree.putArray("measured");
        result.measured().forEach(other -> put(measured.addObject().put("name", other.name()), other.figures()));
        var published = tree.putArray("published");
        result.spec().published().forEach(other -> {
            var of = published.addObject().put("name", other.name()).put("source", other.source()).putObject("figures");
            other.figures().forEach((metric, text) -> of.put(metric.column(), text));
        });
        return JSON.valueToTree(tree);
    }

    private static void put(ObjectNode node, Run run) {
        node.put("run", run.folder()).put("seed", run.seed()).put("configuration", run.hash());
        run.cpuSeconds().ifPresent(seconds -> node.put("cpuSeconds", seconds));
        run.wallSeconds().ifPresent(seconds -> node.put("wallSeconds", seconds));
        put(node, run.figures());
    }

    private static void put(ObjectNode node, Map<Metric, Double> figures) {
        var of = node.putObject("figures");
        figures.forEach((metric, value) -> of.put(metric.column(), value));
    }

    /// One line a run, for whoever computes on.
    public String csv() {
        var text = new StringWriter();
        try (var printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            printer.printRecord(cells("row", "run", Metric::column, "seed", "steps", "cpuSeconds", "wallSeconds", "configuration"));
            for (var runs : result.rows()) {
                for (var run : runs.runs()) {
                    printer.printRecord(cells(runs.row().name(), run.folder(),
                            metric -> Optional.ofNullable(run.figures().get(metric)).map(Object::toString).orElse(""), String.valueOf(run.seed()),
                            String.valueOf(runs.row().steps()), plain(run.cpuSeconds()), plain(run.wallSeconds()), run.hash()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory", e);
        }
        return text.toString();
    }

    private static String plain(OptionalDouble seconds) {
        return seconds.isPresent() ? String.valueOf(seconds.getAsDouble()) : "";
    }
}
