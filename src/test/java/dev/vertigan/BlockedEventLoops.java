package dev.vertigan;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Fails every test during which an event loop was blocked, as Vert.x's own checker sees it: after two seconds, or as many times more
/// as the machine has more to do than processors.
public final class BlockedEventLoops implements BeforeEachCallback, AfterEachCallback {

    private static final Pattern BLOCKED = Pattern.compile("eventloop.* has been blocked for (\\d+) ms, time limit is (\\d+) ms");
    private static final Said SAID = new Said();

    private static final class Said extends AppenderBase<ILoggingEvent> {

        private final LinkedBlockingQueue<String> warnings = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            var said = BLOCKED.matcher(event.getFormattedMessage());
            if (said.find() && Long.parseLong(said.group(1)) > Long.parseLong(said.group(2)) * Math.max(1, load())) {
                warnings.add(event.getFormattedMessage());
            }
        }

        /// Threads that want to run, a processor; negative if unknown.
        private static double load() {
            var system = ManagementFactory.getOperatingSystemMXBean();
            return system.getSystemLoadAverage() / system.getAvailableProcessors();
        }
    }

    /// What the checker says first.
    ///
    /// @throws AssertionError if it says nothing for 20 s
    static String first() throws InterruptedException {
        String warning = SAID.warnings.poll(20, TimeUnit.SECONDS);
        if (warning == null) {
            throw new AssertionError("the checker said nothing");
        }
        SAID.warnings.add(warning);
        return warning;
    }

    static void forget() {
        SAID.warnings.clear();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        var logger = (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");
        if (!logger.isAttached(SAID)) {
            SAID.start();
            logger.addAppender(SAID);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var warnings = List.copyOf(SAID.warnings);
        forget();
        if (!warnings.isEmpty()) {
            throw new AssertionError(String.join("\n", warnings));
        }
    }
}
