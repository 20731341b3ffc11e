package dev.vertigan.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest;
import dev.vertigan.bus.TurnRequest;
import dev.vertigan.values.Command;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import dev.vertigan.values.Status;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrainingMetersTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private TrainingMeters meters() {
        return new TrainingMeters(registry, "0.1.0", "simd, MKL");
    }

    private static Report report(double lossD) {
        return Reports.of(10, 0, lossD, 0.5, 0.75, 0.25, 2, 3, 0.001, 0.002, 4.5, 50_000);
    }

    private static Status status(Status.State state) {
        return new Status(state, 10, 0, 3.5, 0, Optional.empty(), Optional.empty(), 0, Map.of(), Optional.empty());
    }

    private void shows(String line) {
        String text = registry.scrape();
        assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
    }

    @Test
    void namesAndLabelsAreThePromisedOnes() {
        var meters = meters();
        meters.turn(3_000_000, 128);
        meters.turn(3_000_000, 128);
        meters.waitedForData(2_000_000);
        meters.nonFinite();
        meters.rollback();
        meters.checkpointFailed();
        meters.blockedByCheckpoint(4_000_000);
        meters.report(report(1.25));
        meters.status(status(Status.State.STOPPED));
        for (var line : List.of("vertigan_turns_total 2.0", "vertigan_images_total 256.0", "vertigan_nonfinite_total 1.0",
                "vertigan_rollbacks_total 1.0",
                "vertigan_loss{network=\"discriminator\"} 1.25", "vertigan_loss{network=\"generator\"} 0.5", "vertigan_score{source=\"real\"} 0.75",
                "vertigan_score{source=\"fake\"} 0.25", "vertigan_gradient_norm{network=\"discriminator\"} 2.0",
                "vertigan_gradient_norm{network=\"generator\"} 3.0", "vertigan_update_ratio{network=\"discriminator\"} 0.001",
                "vertigan_update_ratio{network=\"generator\"} 0.002", "vertigan_state{state=\"stopped\"} 1.0",
                "vertigan_state{state=\"running\"} 0.0",
                "vertigan_epoch 3.5", "vertigan_step 10.0", "vertigan_checkpoint_failures_total 1.0", "vertigan_checkpoint_blocked_seconds_sum 0.004",
                "vertigan_build_info{java=\"" + Runtime.version() + "\",kernels=\"simd, MKL\",version=\"0.1.0\"} 1",
                "vertigan_feed_wait_seconds_count 1", "vertigan_feed_wait_seconds_sum 0.002",
                "vertigan_turn_seconds_count 2", "vertigan_turn_seconds_sum 0.006", "vertigan_turn_seconds_bucket{le=\"0.0025\"} 0",
                "vertigan_turn_seconds_bucket{le=\"0.005\"} 2")) {
            shows(line);
        }
    }

    @Test
    void aNanIsShownAsNan() {
        var meters = meters();
        shows("vertigan_loss{network=\"discriminator\"} NaN");
        meters.report(report(0.5));
        meters.report(report(Double.NaN));
        shows("vertigan_loss{network=\"discriminator\"} NaN");
        meters.report(report(Double.POSITIVE_INFINITY));
        shows("vertigan_loss{network=\"discriminator\"} +Inf");
    }

    /// What is measured now and then keeps its last value until it is measured again.
    @Test
    void aReportWithoutAMetricLeavesItsGauge() {
        var meters = meters();
        meters.report(report(1.25));
        meters.report(new Report(20, 0, Map.of(Metric.LOSS_G, 0.5)));
        shows("vertigan_loss{network=\"discriminator\"} 1.25");
    }

    @Test
    void exactlyOneStateIsOn() {
        var meters = meters();
        for (var state : Status.State.values()) {
            meters.status(status(state));
            assertEquals(1, registry.get("vertigan.state").gauges().stream().mapToDouble(gauge -> gauge.value()).sum());
        }
    }

    @Test
    void everyTimerHasAboutTenBuckets() {
        var meters = meters();
        meters.served(TurnRequest.NextBatch.class, 1);
        for (var name : List.of("vertigan_turn", "vertigan_checkpoint", "vertigan_sample", "vertigan_message",
                "vertigan_feed_wait")) {
            long buckets = registry.scrape().lines().filter(line -> line.startsWith(name + "_seconds_bucket")).count();
            assertTrue(buckets >= 10 && buckets <= 12, name + ": " + buckets);
        }
    }

    @Test
    void messagesAreLabelledByTheirType() {
        var meters = meters();
        meters.served(TurnRequest.NextBatch.class, 2_000_000);
        meters.served(TurnRequest.Judge.class, 1_000_000);
        meters.served(StateRequest.Save.class, 3_000_000);
        meters.served(StateRequest.Paint.class, 4_000_000);
        meters.served(Command.GetStatus.class, 5_000_000);
        shows("vertigan_message_seconds_sum{message=\"next_batch\"} 0.002");
        shows("vertigan_message_seconds_count{message=\"judge\"} 1");
        shows("vertigan_checkpoint_seconds_sum 0.003");
        shows("vertigan_sample_seconds_sum 0.004");
        shows("vertigan_message_seconds_count{message=\"get_status\"} 1");
        assertFalse(registry.scrape().contains("message=\"save\"") || registry.scrape().contains("message=\"paint\""));
    }

    @Test
    void gaugesLiveThoughNobodyElseHoldsThem() {
        meters().report(report(1.25));
        new DashboardMeters(registry).clients(3);
        System.gc();
        shows("vertigan_loss{network=\"discriminator\"} 1.25");
        shows("vertigan_dashboard_clients 3.0");
    }

    @Test
    void followsWhatIsPublished() throws Exception {
        var meters = meters();
        var vertx = Vertx.vertx();
        var bus = new Bus(vertx, (request, nanos) -> {});
        meters.follow(bus);
        bus.publish(Addresses.REPORTS, report(1.25));
        bus.publish(Addresses.STATUS, status(Status.State.FAILED));
        // Listeners have a thread of their own, so nothing but the meters themselves tells when they were told.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!(registry.scrape().contains("vertigan_state{state=\"failed\"} 1.0")
                && registry.scrape().contains("vertigan_loss{network=\"discriminator\"} 1.25"))) {
            assertTrue(System.nanoTime() < deadline, registry::scrape);
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void everyVertxHasARegistryOfItsOwnWithoutTheBus() throws Exception {
        var one = Observability.start("2026-11-21-ring");
        var two = Observability.start("2026-11-21-ring");
        var bus = new Bus(one.vertx(), (request, nanos) -> {});
        bus.serve(Command.GetStatus.class, command -> status(Status.State.RUNNING));
        bus.ask(new Command.GetStatus()).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        new TrainingMeters(one.registry(), "1", "simd");
        assertTrue(one.registry().scrape().contains("vertigan_turns_total"));
        assertFalse(two.registry().scrape().contains("vertigan_turns_total"));
        assertFalse(one.registry().scrape().contains("eventbus"));
        for (var observability : List.of(one, two)) {
            assertTrue(observability.registry().scrape().contains("jvm_memory_used_bytes"));
            observability.vertx().close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
