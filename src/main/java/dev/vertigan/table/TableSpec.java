package dev.vertigan.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.values.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What a table holds. Those of the papers are resources, `<name>.json`: another one is a file there and its name in [#NAMES].
///
/// @param figures to be shown, in their order; none = all that are measured
/// @param rows what is trained
/// @param baselines what else is measured as if it were samples
/// @param published what others report
public record TableSpec(String name, String title, List<Metric> figures, List<Row> rows, List<Baseline> baselines, List<Published> published) {

    /// The tables that are declared.
    public static final List<String> NAMES = List.of("ring", "grid", "gaussian", "parzen", "stacked-mnist", "mnist", "conditional");

    private static final JsonMapper JSON = new JsonMapper();

    /// One configuration, trained once a seed.
    ///
    /// @param steps turns of a run
    /// @param settings as `--set` takes them
    public record Row(String preset, Optional<String> file, long steps, List<String> settings) {

        public Row { settings = List.copyOf(settings); }

        /// What tells it from the others.
        public String name() {
            var words = new ArrayList<String>();
            words.add(file.orElse(preset));
            words.addAll(settings);
            return String.join(", ", words);
        }

        /// The same with more settings.
        public Row with(List<String> more) {
            var all = new ArrayList<>(settings);
            all.addAll(more);
            return new Row(preset, file, steps, all);
        }
    }

    /// What is measured beside the runs, so that nobody takes a figure for more than it is.
    public enum Baseline {

        /// Centroids of training samples found by k-means, as many as samples are drawn: they score well and are no model (Theis et al. 2016).
        CENTROIDS("k-means centroids of the training data"),

        /// The training samples that are nearest to those of the first run: what it would score if it recited.
        NEAREST("training samples nearest to those of the first run");

        private final String words;

        Baseline(String words) {
            this.words = words;
        }

        /// Its name in a table.
        public String words() {
            return words;
        }
    }

    /// A row that others report.
    ///
    /// @param figures as they write them
    public record Published(String name, String source, Map<Metric, String> figures) {

        public Published { figures = Map.copyOf(figures); }
    }

    public TableSpec {
        figures = List.copyOf(figures);
        rows = List.copyOf(rows);
        baselines = List.copyOf(baselines);
        published = List.copyOf(published);
    }

    /// A declared table.
    ///
    /// @param name one of [#NAMES]
    public static TableSpec of(String name) {
        try (var stream = TableSpec.class.getResourceAsStream(name + ".json")) {
            return read(name, JSON.readTree(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static TableSpec read(String name, JsonNode tree) {
        var rows = stream(tree.path("rows")).map(row -> new Row(row.required("preset").asText(), Optional.empty(), row.required("steps").asLong(),
                stream(row.path("settings")).map(JsonNode::asText).toList())).toList();
        var baselines = stream(tree.path("baselines")).map(word -> Baseline.valueOf(word.asText())).toList();
        return new TableSpec(name, tree.required("title").asText(), stream(tree.required("figures")).map(TableSpec::metric).toList(), rows, baselines,
                stream(tree.path("published")).map(TableSpec::published).toList());
    }

    private static Published published(JsonNode row) {
        var figures = new EnumMap<Metric, String>(Metric.class);
        row.required("figures").properties().forEach(figure -> figures.put(metric(figure.getKey()), figure.getValue().asText()));
        return new Published(row.required("name").asText(), row.required("source").asText(), figures);
    }

    private static Metric metric(JsonNode column) {
        return metric(column.asText());
    }

    private static Metric metric(String column) {
        return Metric.of(column).orElseThrow(() -> new IllegalArgumentException("expected a metric, found " + column));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
