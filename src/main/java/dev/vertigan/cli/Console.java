package dev.vertigan.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the program speaks: lines that stay, and one line that is written over again and again while a run goes on. Thread-safe, and
/// whoever speaks never waits.
final class Console {

    // Without wrapping, a line longer than the terminal is wide is cut rather than broken in two.
    private static final String REWRITE = "\r\u001b[?7l%s\u001b[K\u001b[?7h";
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final BackgroundWriter output = new BackgroundWriter("vertigan-out");
    private final BackgroundWriter errors; // a terminal shows both, in order
    private final AtomicReference<String> next = new AtomicReference<>(""); // live, not yet written
    private volatile Optional<Logger> log = Optional.empty();
    private volatile boolean aside;
    private String live = ""; // of that thread, as is all that writes
    private long lastPlain = System.nanoTime() - PLAIN_NANOS;

    /// @param terminal whether a person sees `out` as it is written
    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        errors = terminal ? output : new BackgroundWriter("vertigan-err");
    }

    /// The process's own.
    @SuppressWarnings("SystemConsoleNull") // it does, where neither side is a terminal
    static Console ofProcess() {
        var console = System.console();
        return new Console(System.out, System.err, console != null && console.isTerminal());
    }

    /// From here on all that would stay is logged instead, and nothing is written over.
    void toLog() {
        log = Optional.of(LoggerFactory.getLogger(Console.class));
    }

    /// A line that stays.
    void line(String text) {
        if (log.isPresent()) {
            log.get().info(text);
            return;
        }
        output.put(() -> {
            clear();
            out.println(text);
            redraw();
        });
    }

    /// A line for who must act.
    void error(String text) {
        if (log.isPresent()) {
            log.get().error(text);
            return;
        }
        errors.put(() -> {
            if (terminal) {
                clear();
            }
            err.println("vertigan: " + text);
            if (terminal) {
                redraw();
            }
        });
    }

    /// From now on nothing but lines goes to standard output, as a program reads them there: what is written over goes elsewhere.
    void aside() {
        aside = true;
    }

    /// The line that is written over. Where no terminal is, one now and then, as plain lines.
    void live(String text) {
        if (log.isEmpty() && next.getAndSet(text).isEmpty()) { // else the newest is written when its turn comes
            output.put(() -> write(next.getAndSet("")));
        }
    }

    private void write(String text) {
        if (terminal) {
            live = text;
            redraw();
        } else if (System.nanoTime() - lastPlain >= PLAIN_NANOS) {
            lastPlain = System.nanoTime();
            var stream = aside ? err : out;
            stream.println(text);
            stream.flush();
        }
    }

    /// Leaves the live line as it is and goes on below it.
    void settle() {
        output.put(() -> {
            if (!live.isEmpty()) {
                out.println();
                live = "";
            }
        });
    }

    /// Waits until all is written, unless nobody reads it.
    void drain() {
        output.drain();
        errors.drain();
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
