package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Reports;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Console console(boolean terminal) {
        return new Console(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, terminal);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Status status(State state, long steps, Optional<Double> left) {
        return new Status(state, 1_200, steps, 2.25, 51_234.4, left, Optional.of(1_000L), 0, Map.of(), Optional.empty());
    }

    @Test
    void aLineThatStaysIsSaidAboveTheLiveOne() {
        var console = console(true);
        console.live("at work");
        console.drain();
        console.line("news");
        console.drain();
        String shown = said().replaceAll("\u001b\\[[?0-9]*[a-zA-Z]", "");
        assertEquals("\rat work\rnews\n\rat work".replace("\n", System.lineSeparator()), shown);
    }

    @Test
    void withoutATerminalNothingIsRewritten() {
        var console = console(false);
        console.live("at work 0");
        console.drain();
        for (int i = 1; i < 1_000; i++) {
            console.live("at work " + i);
        }
        console.line("news");
        console.drain();
        assertFalse(said().contains("\r") || said().contains("\u001b"), said());
        assertTrue(said().startsWith("at work 0") && said().lines().count() < 1_000, "one line now and then");
    }

    /// Thousands of lines that nobody reads take no time and little memory, and what is said on the other stream is not behind them.
    @Test
    void whoeverSpeaksDoesNotWaitForWhoeverReads() throws Exception {
        var stuck = new CountDownLatch(1);
        var errors = new ByteArrayOutputStream();
        var console = new Console(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                out.write(b);
            }
        }, true, StandardCharsets.UTF_8), new PrintStream(errors, true, StandardCharsets.UTF_8), false);
        for (int i = 0; i < 100_000; i++) {
            console.line("line " + i);
            console.live("at work " + i);
        }
        console.error("look here");
        console.drain();
        assertEquals("vertigan: look here" + System.lineSeparator(), errors.toString(StandardCharsets.UTF_8));
        assertEquals("", said());
        stuck.countDown();
        console.drain();
        assertTrue(said().lines().count() < 2_000 && said().contains("line 99999"), "the newest are kept");
    }

    @Test
    void theLiveLineTellsHowTheRunGoes() {
        var report = Reports.of(1_230, 0, 1.3862, 0.6931, 0.5, Double.NaN, 1, 1, 1, 1, 1, 1);
        assertEquals("step 1,230/5,000  1:05 left  51,234 images/s  loss D 1.386  G 0.693  D(x) 0.50  D(G(z)) NaN  epoch 2.3",
                ProgressLine.of(status(State.RUNNING, 5_000, Optional.of(65.2)), Optional.of(report)));
        assertEquals("step 1,200/5,000  2:46:40 left  51,234 images/s  epoch 2.3",
                ProgressLine.of(status(State.RUNNING, 5_000, Optional.of(10_000.0)), Optional.empty()));
        assertEquals("step 1,200  stopped  epoch 2.3", ProgressLine.of(status(State.STOPPED, 0, Optional.empty()), Optional.empty()));
    }
}
