package dev.vertigan.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What lies in `grafana/`.
final class Grafana {

    static final Path FOLDER = Tool.TOP.resolve("grafana");

    private static final JsonMapper JSON = new JsonMapper();

    private Grafana() {}

    /// @param name of the file
    record Dashboard(String name, JsonNode json) {

        /// All but the rows' headings.
        List<Panel> panels() {
            return all(json.path("panels")).filter(panel -> !panel.path("type").asText().equals("row"))
                    .map(panel -> new Panel(name + ", " + panel.path("title").asText(), panel)).toList();
        }

        List<JsonNode> variables() {
            return all(json.path("templating").path("list")).toList();
        }

        List<JsonNode> annotations() {
            return all(json.path("annotations").path("list")).toList();
        }
    }

    /// @param place dashboard and title, for messages
    record Panel(String place, JsonNode json) {

        List<String> queries() {
            return all(json.path("targets")).map(target -> target.path("expr").asText()).toList();
        }
    }

    static List<Dashboard> dashboards() {
        try (var files = Files.list(FOLDER.resolve("dashboards"))) {
            return files.sorted().map(file -> new Dashboard(file.getFileName().toString(), read(file))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A query as Grafana sends it, with nothing chosen and a rate interval of its own.
    static String filledIn(String query, String rateInterval) {
        return query.replace("$job", ".+").replace("$run", ".+").replace("$__rate_interval", rateInterval);
    }

    static String text(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> all(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
