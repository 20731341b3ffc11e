package dev.vertigan.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.UUID;

/// A Vert.x that is measured and that logs through slf4j.
///
/// @param registry holds Vert.x's and the JVM's meters; own ones are added after this was made
public record Observability(Vertx vertx, PrometheusMeterRegistry registry) {

    /// Must be called before any other Vert.x class is used, or Vert.x has chosen its logging already.
    ///
    /// @param run the run's name, a label of every meter: a process plays one
    public static Observability start(String run) {
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(new Conventions()).commonTags("run", run);
        ProcessMeters.register(registry);
        var vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(metrics())
                        // Nothing is served from Vert.x's own file cache, so it need not make a folder for it.
                        .setFileSystemOptions(new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
        return new Observability(vertx, registry);
    }

    private static MicrometerMetricsOptions metrics() {
        return new MicrometerMetricsOptions()
                .setEnabled(true)
                // Registries are kept by name in a static map: another Vert.x of this process must not get this one's.
                .setRegistryName("vertigan-" + UUID.randomUUID())
                // Metering each message costs 20 to 40 µs a turn of six; vertigan_message_seconds tells more for less.
                .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
                // Closed sets only: method and path are whatever a client sends.
                .setLabels(EnumSet.of(Label.HTTP_ROUTE, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))
                .setJvmMetricsEnabled(true);
    }
}
