package dev.vertigan.dashboard;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// What connections may cost, whoever opens them.
///
/// @param count at once. When all places are taken, the connection that has kept the server waiting longest gives way; those that come
///         faster than others go, up to as many again, are closed as they come
/// @param head from a connection's begin to the end of its first request's head
/// @param body from the head of a request to the end of its body
/// @param idle from an answer to the end of the next request's head
/// @param write how long one write may wait for a client that does not read
public record ConnectionLimits(int count, Duration head, Duration body, Duration idle, Duration write) {

    private static final int MOST = 1024;
    private static final int LEAST = 8;

    /// Of this process: a quarter of the file descriptors that are left, so that checkpoints find theirs however many connect.
    public static ConnectionLimits ofProcess() {
        long count = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()) / 4
                : MOST;
        return new ConnectionLimits(Math.clamp(count, LEAST, MOST), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }

    ConnectionLimits atMost(int most) {
        return new ConnectionLimits(Math.min(count, most), head, body, idle, write);
    }
}
