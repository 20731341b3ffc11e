package dev.vertigan.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the log goes, and in which form, if a configuration wants it otherwise than `logback.xml` has it: text on standard error.
final class Logging {

    private static final long ROTATED_AT = 10 * FileSize.MB_COEFFICIENT;
    private static final int OLD_FILES = 4;
    private static final int QUEUE = 1024;

    private Logging() {}

    /// Sends it where a configuration wants it from here on.
    static void to(RunConfig.Log config) {
        if (config.format() == Choice.LogFormat.JSON || !config.file().isEmpty()) {
            to((LoggerContext) LoggerFactory.getILoggerFactory(), config);
        }
    }

    static void to(LoggerContext context, RunConfig.Log config) {
        var target = config.file().isEmpty() ? console(context) : file(context, config.file());
        var encoder = config.format() == Choice.LogFormat.JSON ? json() : text();
        encoder.setContext(context);
        encoder.start();
        target.setContext(context);
        target.setEncoder(encoder);
        target.start();
        // Whoever logs never waits for whoever reads it: what does not fit the queue is dropped.
        var behind = new AsyncAppender();
        behind.setContext(context);
        behind.setQueueSize(QUEUE);
        behind.setDiscardingThreshold(0);
        behind.setNeverBlock(true);
        behind.addAppender(target);
        behind.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(behind);
    }

    private static OutputStreamAppender<ILoggingEvent> console(LoggerContext context) {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setTarget("System.err");
        return console;
    }

    private static OutputStreamAppender<ILoggingEvent> file(LoggerContext context, String path) {
        var file = new RollingFileAppender<ILoggingEvent>();
        file.setContext(context);
        file.setFile(path);
        var window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(file);
        window.setFileNamePattern(path + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(OLD_FILES);
        window.start();
        var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(ROTATED_AT));
        size.setCheckIncrement(Duration.buildByMilliseconds(0));
        size.start();
        file.setRollingPolicy(window);
        file.setTriggeringPolicy(size);
        return file;
    }

    private static Encoder<ILoggingEvent> json() {
        var json = new JsonEncoder();
        json.setWithSequenceNumber(false);
        json.setWithContext(false);
        json.setWithMDC(false);
        json.setWithMessage(false);
        json.setWithArguments(false);
        json.setWithFormattedMessage(true);
        return json;
    }

    private static Encoder<ILoggingEvent> text() {
        var text = new PatternLayoutEncoder();
        text.setPattern("%d %-5level %logger{0}: %msg%n%ex{short}");
        return text;
    }

    /// Writes what still waits to be written; nothing is logged after it.
    static void end() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
