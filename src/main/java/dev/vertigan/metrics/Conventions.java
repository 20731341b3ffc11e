package dev.vertigan.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Set;

/// Brings the JVM's and Vert.x's meters to Prometheus's conventions, which `promtool check metrics` checks: base units only, and `_count`
/// for nothing but summaries.
final class Conventions implements MeterFilter {

    /// In nanoseconds and milliseconds; [ProcessMeters] has both in seconds.
    private static final Set<String> IN_OTHER_UNITS = Set.of("process.cpu.time", "jvm.compilation.time");

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return IN_OTHER_UNITS.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
    }
}
