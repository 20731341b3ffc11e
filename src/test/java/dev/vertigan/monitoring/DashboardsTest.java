package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.bus.TurnRequest;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.metrics.DashboardMeters;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.RunMeters;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.monitoring.Grafana.Dashboard;
import dev.vertigan.monitoring.Grafana.Panel;
import dev.vertigan.run.RunFolder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The dashboards keep the rules that Grafana's dashboard-linter has, and those of the house.
class DashboardsTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-zA-Z_]+)");
    private static final Pattern RANGE = Pattern.compile("\\[([^\\]]+)]");
    private static final Pattern COUNTER = Pattern.compile("\\b([a-z_]+_total)\\b");
    private static final Pattern SELECTOR = Pattern.compile("\\b(?:[a-z_]+)\\{([^}]*)}");
    private static final Pattern METER = Pattern.compile("\\bvertigan_[a-z_]+\\b");
    private static final Set<String> OWN = Set.of("__all", "__rate_interval", "__value");

    @TestFactory
    Stream<DynamicTest> everyDashboard() {
        return Grafana.dashboards().stream().map(dashboard -> DynamicTest.dynamicTest(dashboard.name(), () -> check(dashboard)));
    }

    private void check(Dashboard dashboard) {
        var json = dashboard.json();
        assertTrue(json.path("uid").asText().matches("vertigan-[a-z]+"), "a fixed uid, so that links last");
        assertFalse(json.path("editable").asBoolean(true), "a provisioned dashboard cannot be saved, so it should not look as if");
        said(json, "title");
        said(json, "description");
        var names = dashboard.variables().stream().map(variable -> variable.path("name").asText()).toList();
        assertEquals(List.of("datasource", "job", "run", "page"), names);
        assertEquals("datasource", dashboard.variables().getFirst().path("type").asText());
        for (var variable : dashboard.variables().subList(1, names.size())) {
            assertEquals(2, variable.path("refresh").asInt(), "values follow the time range: " + variable.path("name"));
            sourced(variable, "variable " + variable.path("name"));
        }
        for (var variable : dashboard.variables().subList(1, 3)) {
            assertTrue(variable.path("multi").asBoolean() && variable.path("includeAll").asBoolean());
            assertEquals(".+", variable.path("allValue").asText());
        }
        var used = new HashSet<String>();
        VARIABLE.matcher(json.toString()).results().forEach(match -> used.add(match.group(1)));
        used.removeAll(OWN);
        used.removeAll(names);
        assertEquals(Set.of(), used, "variables that nobody declares");

        dashboard.annotations().forEach(annotation -> {
            sourced(annotation, "annotation " + annotation.path("name"));
            query(annotation.path("expr").asText(), "annotation " + annotation.path("name"));
        });
        var ids = Grafana.all(json.path("panels")).map(panel -> panel.path("id").asInt()).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size(), "every panel has an id of its own");
        dashboard.panels().forEach(this::check);
        apart(Grafana.all(json.path("panels")).map(panel -> panel.path("gridPos")).toList());
    }

    private void check(Panel panel) {
        var json = panel.json();
        said(json, "title");
        said(json, "description");
        sourced(json, panel.place());
        var defaults = json.path("fieldConfig").path("defaults");
        said(defaults, "unit");
        assertTrue(defaults.has("thresholds"), panel.place() + ": thresholds");
        assertTrue(Grafana.all(json.path("links")).anyMatch(link -> link.path("url").asText().contains("${page}")),
                panel.place() + ": a link to the run's own page");
        if (json.path("type").asText().equals("timeseries")) {
            assertTrue(json.path("options").path("legend").path("showLegend").asBoolean(), panel.place() + ": a legend");
        }
        assertFalse(panel.queries().isEmpty(), panel.place() + ": no query");
        var references = Grafana.all(json.path("targets")).map(target -> target.path("refId").asText()).toList();
        assertEquals(references.size(), Set.copyOf(references).size(), panel.place() + ": refIds");
        for (var target : json.path("targets")) {
            sourced(target, panel.place());
            said(target, "legendFormat");
            query(target.path("expr").asText(), panel.place());
        }
    }

    private static void query(String query, String place) {
        SELECTOR.matcher(query).results()
                .forEach(match -> assertTrue(match.group(1).contains("job=~\"$job\""), place + ": no job in " + match.group()));
        RANGE.matcher(query).results().forEach(match -> assertEquals("$__rate_interval", match.group(1), place));
        COUNTER.matcher(query).results().forEach(match -> assertTrue(
                Pattern.compile("(rate|increase|changes)\\(" + match.group(1)).matcher(query).find(), place + ": a counter is shown by its rate"));
        for (var range : List.of("rate(", "increase(", "changes(")) {
            assertEquals(query.split(Pattern.quote(range), -1).length, query.split(Pattern.quote(range) + "[^\\[]+\\[\\$__rate_interval", -1).length,
                    place);
        }
    }

    private static void said(JsonNode json, String field) {
        assertFalse(json.path(field).asText().isBlank(),
                () -> field + " of " + json.toString().substring(0, Math.min(200, json.toString().length())));
    }

    private static void sourced(JsonNode json, String place) {
        assertEquals("prometheus", json.path("datasource").path("type").asText(), place);
        assertEquals("${datasource}", json.path("datasource").path("uid").asText(), place + ": the data source is the variable's");
    }

    /// No panel lies on another, and all are within the 24 columns.
    private static void apart(List<JsonNode> places) {
        var taken = new HashSet<String>();
        for (var place : places) {
            for (int x = place.path("x").asInt(); x < place.path("x").asInt() + place.path("w").asInt(); x++) {
                for (int y = place.path("y").asInt(); y < place.path("y").asInt() + place.path("h").asInt(); y++) {
                    assertTrue(x < 24 && taken.add(x + " " + y), "overlap at " + place);
                }
            }
        }
    }

    @Test
    void theDataSourceHasTheUidThatDashboardsBeginWith() {
        var provisioned = Grafana.text("provisioning/datasources/prometheus.yml");
        for (var dashboard : Grafana.dashboards()) {
            var uid = dashboard.variables().getFirst().path("current").path("value").asText();
            assertTrue(provisioned.contains("uid: " + uid + "\n"), uid);
        }
    }

    /// All meters of a run: those of the catalogue, of its folder, of the page, of Vert.x and the JVM.
    private static Set<String> meters(Path folder) {
        var observability = Observability.start("run");
        try (var run = RunFolder.create(folder.resolve("run"), "{}")) {
            new TrainingMeters(observability.registry(), "1", "simd").served(TurnRequest.Judge.class, 1);
            new DashboardMeters(observability.registry());
            RunMeters.register(observability.registry(), run);
            RunMeters.describe(observability.registry(), run, new ConfigLoader().load("ring-2014", Optional.empty(), List.of()), "simd", "");
            return observability.registry().scrape().lines().filter(line -> line.startsWith("# TYPE vertigan_")).map(line -> line.split(" ")[2])
                    .filter(name -> !name.endsWith("_max")).collect(Collectors.toSet());
        } finally {
            observability.vertx().close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void everyMeterHasAPanelAndEveryPanelAMeter(@TempDir Path folder) {
        var meters = meters(folder);
        var shown = new HashSet<String>();
        for (var dashboard : Grafana.dashboards()) {
            dashboard.panels().forEach(panel -> panel.queries().forEach(query -> METER.matcher(query).results().map(match -> match.group())
                    .forEach(shown::add)));
        }
        for (var meter : meters) {
            assertTrue(shown.stream().anyMatch(name -> name.matches(meter + "(_sum|_count|_bucket|_max)?")),
                    meter + " has no panel: give it one in grafana/dashboards/training.json or system.json, like its neighbours");
        }
        METER.matcher(Grafana.text("alerts.yml")).results().map(match -> match.group()).forEach(shown::add);
        for (var name : shown) {
            assertTrue(meters.stream().anyMatch(meter -> name.matches(meter + "(_sum|_count|_bucket|_max)?")),
                    name + " is shown, but nothing measures it");
        }
    }
}
