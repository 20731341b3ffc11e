package dev.vertigan.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Set;

/// Brings the JVM's and Vert.x's meters to Prometheus's conventions, which `promtool check metrics` checks: base units only, and `_count`
/// for nothing but summaries.
final class Conventions implements MeterFilter {

    /// In nanoseconds and milliseconds, where [ProcessMeters] has seconds; and by states, for each of which all threads are looked at anew.
    private static final Set<String> DENIED = Set.of("process.cpu.time", "jvm.compilation.time", "jvm.threads.states");

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return DENIED.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
    }
}
