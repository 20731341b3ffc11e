package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.Status;
import dev.vertigan.metrics.Observability;
import dev.vertigan.metrics.TrainingMeters;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
            dashboard.status = new Status(Status.State.FAILED, 7, 0, 0, 0, Optional.empty(), Optional.empty(), dashboard.status.settings(),
                    Optional.of(new Status.Failure(Failure.Kind.NON_FINITE, 8, "D's loss is NaN", "lower the rate")));
            assertEquals(200, dashboard.get("/health/live").status());
            var ready = dashboard.get("/health/ready");
            assertEquals(503, ready.status());
            assertEquals("the run failed at step 8: D's loss is NaN", ready.json().getString("error"));
        }
    }

    @Test
    void withoutAConductorItIsLiveButNotReady() {
        var observability = Observability.start();
        var bus = new Bus(observability.vertx(), (request, nanos) -> {});
        var verticle = new DashboardVerticle(bus, Dashboard.LOOPBACK, Dashboard.INFO, (since, limit) -> java.util.List.of(), Samples.none(),
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
                    "jvm_gc_", "jvm_threads_live_threads", "jvm_classes_loaded_classes", "process_uptime_seconds", "system_cpu_count",
                    "vertx_http_server_requests_total", "vertx_pool_")) {
                assertTrue(answer.text().contains(name), name);
            }
            assertFalse(answer.text().contains("vertx_eventbus"));
            assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed: the format is not checked");
            var promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics").redirectErrorStream(true).start();
            promtool.outputWriter().append(answer.text()).close();
            String verdict = new String(promtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            promtool.waitFor();
            assertFalse(verdict.contains("vertigan_"), verdict);
            assertFalse(verdict.contains("error"), verdict);
        }
    }
}
