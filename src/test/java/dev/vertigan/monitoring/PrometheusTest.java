package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.vertigan.cli.Session;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.RunFolder;
import dev.vertigan.values.Command;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus scrapes a real trainer that plays a real game. Its minutes last half a second, or nobody would wait for the rules.
class PrometheusTest {

    private static final Pattern MINUTES = Pattern.compile("(\\[|for: )(\\d+)m\\b");
    private static final Pattern LABELS = Pattern.compile("label_values\\((.*), (\\w+)\\)");

    @TempDir
    private static Path folder;
    private static TroubledData data;
    private static Session session;
    private static Prometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        Tool.named("prometheus");
        var config = config("batch=64", "generator.layers=dense 32 relu, output", "discriminator.layers=dense 32 relu, output", "report.every=2",
                "samples.every=50", "checkpoint.every=50", "compute.kernels=simd", "compute.threads=1", "dashboard.port=0", "metrics.host=127.0.0.1",
                "metrics.port=0");
        data = new TroubledData(Datasets.open(config.data(), Downloads.Progress.NONE));
        session = new Session(RunFolder.create(folder.resolve("ring"), config.toJson()), config, data);
        session.start(true);
        Files.writeString(folder.resolve("alerts.yml"), MINUTES.matcher(Grafana.text("alerts.yml"))
                .replaceAll(found -> found.group(1) + 500 * Integer.parseInt(found.group(2)) + "ms"));
        Files.writeString(folder.resolve("prometheus.yml"),
                Grafana.text("prometheus.yml").replaceFirst("scrape_interval: \\S+", "scrape_interval: 250ms")
                        .replaceFirst("evaluation_interval: \\S+", "evaluation_interval: 250ms")
                        .replace("trainer:9464", URI.create(session.metrics().orElseThrow()).getAuthority()));
        System.gc(); // so that there is a pause to show
        prometheus = new Prometheus(folder);
    }

    @AfterAll
    static void end() {
        if (prometheus != null) {
            prometheus.close();
            session.close();
        }
    }

    private static RunConfig config(String... settings) {
        return new ConfigLoader().load("ring-2014", Optional.empty(), Stream.of(settings).map(Assignment::parse).toList());
    }

    private static <R extends Record> R ask(dev.vertigan.values.Request<R> request) {
        return session.bus().ask(request).toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyQueryOfEveryPanelAndVariableGivesData() {
        prometheus.await("the trainer is scraped, in OpenMetrics as Prometheus prefers it", () -> hasData("up == 1"));
        var silent = new ArrayList<String>();
        for (var dashboard : Grafana.dashboards()) {
            dashboard.panels().forEach(panel -> panel.queries().forEach(query -> silent.add(query)));
            dashboard.variables().stream().filter(variable -> variable.path("type").asText().equals("query"))
                    .map(variable -> LABELS.matcher(variable.path("query").path("query").asText()).replaceFirst("count by ($2) ($1)"))
                    .forEach(silent::add);
        }
        assertFalse(silent.isEmpty());
        prometheus.await("these give data: " + silent, () -> silent.removeIf(query -> hasData(query)) && silent.isEmpty() || silent.isEmpty());
    }

    @Test
    void whatPeopleDoIsAnnotated() {
        var annotations = Grafana.dashboards().getFirst().annotations().stream().map(annotation -> annotation.path("expr").asText()).toList();
        prometheus.await("events are scraped", () -> hasData("vertigan_events_total{job=~\"$job\"}"));
        ask(new Command.Stop());
        ask(new Command.Resume());
        prometheus.await("the stop shows", () -> hasData(annotations.getFirst()));
        annotations.forEach(PrometheusTest::hasData);
    }

    @Test
    void aStallFiresAndGoesBack() {
        prometheus.await("turns are made", () -> hasData("increase(vertigan_turns_total[2s]) > 0"));
        data.block();
        try {
            prometheus.await("the rule fires", () -> prometheus.fires("VertiganStalled"));
            assertFalse(prometheus.fires("VertiganFailed") || prometheus.fires("VertiganDown"));
        } finally {
            data.unblock();
        }
        prometheus.await("the rule goes back", () -> !prometheus.fires("VertiganStalled"));
    }

    @Test
    void aNanFiresAndGoesBack() {
        prometheus.await("turns are made", () -> hasData("increase(vertigan_turns_total[2s]) > 0"));
        data.poison(true);
        for (var alert : List.of("VertiganNonFinite", "VertiganFailed")) {
            prometheus.await(alert + " fires", () -> prometheus.fires(alert));
        }
        data.poison(false);
        ask(new Command.Resume());
        for (var alert : List.of("VertiganNonFinite", "VertiganFailed")) {
            prometheus.await(alert + " goes back", () -> !prometheus.fires(alert));
        }
    }

    private static boolean hasData(String query) {
        return !prometheus.query(Grafana.filledIn(query, "1h")).isEmpty();
    }
}
