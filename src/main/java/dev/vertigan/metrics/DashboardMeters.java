package dev.vertigan.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What the dashboard did not show, and to how many.
public final class DashboardMeters {

    private final Counter picturesDropped;
    private final Counter reportsDropped;
    private volatile int clients;

    public DashboardMeters(MeterRegistry registry) {
        picturesDropped = dropped(registry, "picture");
        reportsDropped = dropped(registry, "report");
        Gauge.builder("vertigan.dashboard.clients", this, meters -> meters.clients).description("Open WebSockets")
                .strongReference(true).register(registry);
    }

    public void picturesDropped(int count) {
        picturesDropped.increment(count);
    }

    public void reportsDropped(int count) {
        reportsDropped.increment(count);
    }

    public void clients(int count) {
        clients = count;
    }

    private static Counter dropped(MeterRegistry registry, String kind) {
        return Counter.builder("vertigan.dashboard.frames.dropped").description("Pictures and reports a slow browser did not get")
                .tag("kind", kind).register(registry);
    }
}
