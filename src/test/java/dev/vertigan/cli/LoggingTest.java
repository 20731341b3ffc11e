package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The log as a service keeps it.
class LoggingTest {

    @TempDir
    private Path temp;

    @Test
    void aServiceThatIsToldToEndSavesAndSaysSoInJson() throws IOException, InterruptedException {
        var log = temp.resolve("log.jsonl");
        var run = Files.createDirectory(temp.resolve("run"));
        var program = Program.start(temp.resolve("out"), Program.BRIEF, "train", "--preset", "ring-2014", "--run-dir", run.toString(),
                "--set", "dashboard.port=0", "--set", "dashboard.token=opensesame",
                "--set", "log.format=json", "--set", "log.file=" + log);
        program.awaitContent(run.resolve("metrics.jsonl"));
        program.interrupt();
        assertEquals(143, program.end());

        var mapper = new JsonMapper();
        var messages = Files.readAllLines(log).stream().map(line -> {
            try {
                return mapper.readTree(line);
            } catch (IOException e) {
                throw new AssertionError(line, e);
            }
        }).map(entry -> {
            assertTrue(entry.has("timestamp") && entry.path("level").asText().equals("INFO") && entry.has("loggerName"), entry.toString());
            return entry.path("formattedMessage").asText();
        }).toList();
        for (var begin : List.of("compute", "stopping after this turn", "saved step ", "resume with: vertigan resume ")) {
            assertTrue(messages.stream().anyMatch(message -> message.startsWith(begin)), () -> begin + " is not in " + messages);
        }
        assertFalse(program.output().contains("saved step"), "what is logged is not printed too");
        assertFalse(Files.readString(log).contains("opensesame"), "nor is the token");
    }

    /// What Netty says when a browser is gone before Vert.x could answer its goodbye.
    @Test
    void thatAGoodbyeBrokeOffIsNotToldAndAllElseIs() {
        var logger = (Logger) LoggerFactory.getLogger("io.netty.util.concurrent.DefaultPromise");
        var told = new ListAppender<ILoggingEvent>();
        told.start();
        logger.addAppender(told);
        try {
            var said = "An exception was thrown by io.vertx.core.http.impl.websocket.WebSocketConnectionImpl$$Lambda/0x1.operationComplete()";
            var done = new IllegalArgumentException("promise already done: DefaultChannelPromise@1(success)");
            logger.warn(said, done);
            logger.warn(said, new IllegalArgumentException("another"));
            logger.warn(said, new IllegalStateException("promise already done"));
            logger.warn("An exception was thrown by dev.vertigan.Another.operationComplete()", done);
            logger.warn("{}", "without a cause");
        } finally {
            logger.detachAppender(told);
        }
        assertEquals(4, told.list.size(), told.list::toString);
    }

    @Test
    void aFileIsRotatedAndOldOnesGo() throws IOException {
        var file = temp.resolve("vertigan.log");
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        Logging.to(context, new RunConfig.Log(Choice.LogFormat.JSON, file.toString()));
        var behind = (AsyncAppender) context.getLogger("ROOT").iteratorForAppenders().next();
        behind.setMaxFlushTime(0); // a program that ends waits a second at most, this test until all is written
        var logger = context.getLogger("dev.vertigan.Test");
        var line = "x".repeat(100_000);
        long whole = 0;
        for (int i = 0; whole < 70_000_000; i++) {
            logger.info("{} {}", i, line);
            whole += line.length();
            if (i % 500 == 499) { // whoever logs never waits, so more at once would be dropped
                awaitEmptyQueue(behind);
            }
        }
        context.stop();
        try (var files = Files.list(temp)) {
            var names = files.map(found -> found.getFileName().toString()).sorted().toList();
            assertEquals(List.of("vertigan.log", "vertigan.log.1", "vertigan.log.2", "vertigan.log.3", "vertigan.log.4"), names);
        }
        assertTrue(Files.size(temp.resolve("vertigan.log.1")) < 11_000_000);
    }

    private static void awaitEmptyQueue(AsyncAppender behind) {
        while (behind.getNumberOfElementsInQueue() > 0) {
            Thread.onSpinWait();
        }
    }
}
