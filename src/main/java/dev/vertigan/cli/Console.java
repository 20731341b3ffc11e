package dev.vertigan.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Where the program speaks: lines that stay, and one line that is written over again and again while a run goes on. Thread-safe.
final class Console {

    // Without wrapping, a line longer than the terminal is wide is cut rather than broken in two.
    private static final String REWRITE = "\r\u001b[?7l%s\u001b[K\u001b[?7h";
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private String live = "";
    private long lastPlain = System.nanoTime() - PLAIN_NANOS;

    /// @param terminal whether a person sees `out` as it is written
    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /// The process's own.
    static Console ofProcess() {
        var console = System.console();
        return new Console(System.out, System.err, console != null && console.isTerminal());
    }

    /// A line that stays.
    synchronized void line(String text) {
        clear();
        out.println(text);
        redraw();
    }

    /// A line for who must act.
    synchronized void error(String text) {
        clear();
        err.println("vertigan: " + text);
        redraw();
    }

    /// The line that is written over. Where no terminal is, one now and then, as plain lines.
    synchronized void live(String text) {
        if (terminal) {
            live = text;
            redraw();
        } else if (System.nanoTime() - lastPlain >= PLAIN_NANOS) {
            lastPlain = System.nanoTime();
            out.println(text);
        }
    }

    /// Leaves the live line as it is and goes on below it.
    synchronized void settle() {
        if (!live.isEmpty()) {
            out.println();
            live = "";
        }
    }

    private void clear() {
        if (!live.isEmpty()) {
            out.printf(Locale.ROOT, REWRITE, "");
        }
    }

    private void redraw() {
        if (!live.isEmpty()) {
            out.printf(Locale.ROOT, REWRITE, live);
        }
        out.flush();
    }
}
