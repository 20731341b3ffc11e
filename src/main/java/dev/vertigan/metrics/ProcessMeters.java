package dev.vertigan.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The process as the operating system sees it, by the names that every Prometheus client gives these meters.
///
/// Tensors lie outside the heap and outside the JVM's buffers, so the resident size is the only meter that shows all memory.
final class ProcessMeters {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private ProcessMeters() {}

    static void register(MeterRegistry registry) {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / NANOS).baseUnit("seconds")
                .description("User and system CPU time of the process").register(registry);
        FunctionCounter.builder("jvm.compilation", ManagementFactory.getCompilationMXBean(), bean -> bean.getTotalCompilationTime() / MILLIS)
                .baseUnit("seconds").description("CPU time spent by the JVM's compilers").register(registry);
        if (Files.isReadable(STATUS)) {
            Gauge.builder("process.resident.memory", ProcessMeters::residentBytes).baseUnit("bytes")
                    .description("Resident size of the process: heap, tensors, code").register(registry);
        }
    }

    /// The line `VmRSS:    123456 kB`; NaN if the kernel does not tell.
    private static double residentBytes() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:")).mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst().orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
