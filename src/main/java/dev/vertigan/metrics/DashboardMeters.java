package dev.vertigan.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// What the dashboard did not show, and to how many.
public final class DashboardMeters {

    private final Counter picturesDropped;
    private final Counter reportsDropped;
    private final Timer lag;
    private volatile int clients;

    public DashboardMeters(MeterRegistry registry) {
        picturesDropped = dropped(registry, "picture");
        reportsDropped = dropped(registry, "report");
        Gauge.builder("vertigan.dashboard.clients", this, meters -> meters.clients).description("Open WebSockets")
                .strongReference(true).register(registry);
        lag = Timer.builder("vertigan.event.loop.lag").description("How much later than due the dashboard's event loop ran a timer")
                .register(registry);
    }

    /// The event loop ran a timer that late.
    public void lag(long nanos) {
        lag.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
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
