package dev.vertigan.dashboard;

import dev.vertigan.bus.Bus;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.TrainingMeters;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class HealthRoutesTest {

    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    @Test
    void liveAndReadyWhileTheRunIsSound() {
        try (var dashboard = new Dashboard()) {
            assertEquals(200, dashboard.get("/health/live").status());
            var ready = dashboard.get("/health/ready");
            assertEquals(200, ready.status());
            assertEquals("RUNNING", ready.json().getString("state"));
        }
    }

    @Test
    void aFailedRunIsLiveButNotReady() {
        try (var dashboard = new Dashboard()) {
            dashboard.status = new Status(Status.State.FAILED, 7, 0, 0, 0, Optional.empty(), Optional.empty(), 0, dashboard.status.settings(),
                    Optional.of(new Status.Failure(FailureKind.NON_FINITE, 8, "D's loss is NaN", "lower the rate")));
            assertEquals(200, dashboard.get("/health/live").status());
            var ready = dashboard.get("/health/ready");
            assertEquals(503, ready.status());
            assertEquals("the run failed at step 8: D's loss is NaN", ready.json().getString("error"));
        }
    }

    @Test
    void withoutAConductorItIsLiveButNotReady() {
        var observability = Observability.start("2026-11-21-ring");
        var bus = new Bus(observability.vertx(), (request, nanos) -> {});
        var verticle = new DashboardVerticle(bus, Dashboard.LOOPBACK, Dashboard.INFO, Kept.nothing(),
                observability.registry());
        Dashboard.await(observability.vertx().deployVerticle(verticle));
        var client = observability.vertx().createHttpClient();
        for (var expected : Map.of("/health/live", 200, "/health/ready", 503, "/api/run", 503).entrySet()) {
            int status = Dashboard.await(client.request(HttpMethod.GET, verticle.port(), "127.0.0.1", expected.getKey())
                    .compose(request -> request.send()).map(response -> response.statusCode()));
            assertEquals(expected.getValue(), status, expected.getKey());
        }
        Dashboard.await(observability.vertx().close());
    }

    @Test
    void metricsAreWhatPrometheusReads() throws IOException, InterruptedException {
        try (var dashboard = new Dashboard()) {
            var meters = new TrainingMeters(dashboard.observability.registry(), "0.1.0", "simd");
            meters.report(Dashboard.report(5));
            dashboard.get("/api/run");
            var answer = dashboard.get("/metrics");
            assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.headers().get("content-type"));
            for (var name : java.util.List.of("vertigan_turns_total", "vertigan_dashboard_frames_dropped_total", "jvm_memory_used_bytes",
                    "jvm_gc_", "jvm_threads_live_threads", "jvm_classes_loaded_classes", "process_uptime_seconds", "system_cpus",
                    "vertx_http_server_requests_total", "vertx_pool_")) {
                assertTrue(answer.text().contains(name), name);
            }
            assertFalse(answer.text().contains("vertx_eventbus"));
            for (var family : answer.text().lines().filter(line -> line.startsWith("# TYPE ")).map(line -> line.split(" ")[2]).toList()) {
                assertTrue(answer.text().contains("# HELP " + family + " "), family);
            }
            assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed: the format is not checked");
            var promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics").redirectErrorStream(true).start();
            promtool.outputWriter().append(answer.text()).close();
            String verdict = new String(promtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(0, promtool.waitFor(), verdict);
            assertEquals("", verdict);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1 | application/openmetrics-text; version=1.0.0
            application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.3           | text/plain; version=0.0.4
            */*                                                                                       | text/plain; version=0.0.4
            text/html                                                                                 | text/plain; version=0.0.4
            """)
    void metricsComeInTheFormatThatIsPreferred(String accept, String type) {
        try (var dashboard = new Dashboard()) {
            var answer = dashboard.request(HttpMethod.GET, "/metrics", Map.of("Accept", accept), "");
            assertEquals(type + "; charset=utf-8", answer.headers().get("content-type"));
            assertEquals(type.startsWith("application"), answer.text().endsWith("# EOF\n"));
        }
    }

    @Test
    void aProcessIsMeasuredInBaseUnits() {
        try (var dashboard = new Dashboard()) {
            var text = dashboard.get("/metrics").text();
            for (var name : java.util.List.of("process_cpu_seconds_total", "jvm_compilation_seconds_total", "system_cpus",
                    "vertigan_event_loop_lag_seconds_count")) {
                assertTrue(text.lines().anyMatch(line -> line.startsWith(name + "{run=\"2026-11-21-ring\"} ")), name);
            }
        }
    }
}
