package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class MetricsVerticleTest {

    @Test
    void metersAreReadOnAThreadThatNobodyWaitsFor() throws IOException, InterruptedException {
        try (var dashboard = new Dashboard()) {
            var readers = new ConcurrentLinkedQueue<String>();
            Gauge.builder("reader", () -> {
                readers.add(Thread.currentThread().getName());
                return 1;
            }).register(dashboard.observability.registry());
            dashboard.get("/metrics");
            assertTrue(!readers.isEmpty() && readers.stream().allMatch(name -> name.startsWith("vert.x-worker-thread")), readers.toString());
        }
    }

    @Test
    void itShowsMetricsAndHealthWithoutATokenAndNothingElse() throws IOException, InterruptedException {
        try (var dashboard = new Dashboard(); var http = HttpClient.newHttpClient()) {
            var verticle = new MetricsVerticle(dashboard.bus, new RunConfig.Metrics("127.0.0.1", 0), dashboard.observability.registry());
            Dashboard.await(dashboard.observability.vertx().deployVerticle(verticle));
            for (var expected : Map.of("/metrics", 200, "/health/live", 200, "/health/ready", 200, "/", 404, "/api/run", 404, "/live", 404)
                    .entrySet()) {
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + verticle.port() + expected.getKey())).build();
                var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(expected.getValue(), answer.statusCode(), expected.getKey());
            }
            var taken = new MetricsVerticle(dashboard.bus, new RunConfig.Metrics("127.0.0.1", verticle.port()), dashboard.observability.registry());
            var refused = assertThrows(UserError.class, () -> Dashboard.await(dashboard.observability.vertx().deployVerticle(taken)));
            for (var word : List.of("metrics", Integer.toString(verticle.port()), "--set metrics.port=0")) {
                assertTrue(refused.getMessage().contains(word), refused.getMessage());
            }
        }
    }
}
