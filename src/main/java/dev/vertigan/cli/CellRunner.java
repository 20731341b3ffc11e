package dev.vertigan.cli;

import dev.vertigan.config.UserError;
import dev.vertigan.run.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Trains the runs of a table that have not made all their turns, some at a time, and shows how far they are. One that fails is told and left.
final class CellRunner {

    private final List<Cell> cells;
    private final int jobs;
    private final int lookMillis;
    private final Console console;
    private final List<Active> active = new ArrayList<>(); // guarded by this
    private boolean stopping; // guarded by this
    private double playedSeconds; // by processes of this table, over which
    private long playedTurns; // were made: how long the rest takes

    /// @param arguments of `vertigan train` that make it
    record Cell(Path folder, long steps, List<String> arguments) {}

    private record Active(Cell cell, CellProcess process, long begun) {

        long turns() {
            return Math.max(0, CellProcess.turns(cell.folder) - begun);
        }
    }

    CellRunner(List<Cell> cells, int jobs, int lookMillis, Console console) {
        this.cells = cells;
        this.jobs = jobs;
        this.lookMillis = lookMillis;
        this.console = console;
    }

    /// @throws UserError if it cannot be made
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a place for a table, found that it cannot be made: %s", folder,
                    Failures.reason(e)), e);
        }
    }

    /// Returns when all have ended.
    void run() {
        var waiting = new ArrayDeque<>(cells.stream().filter(cell -> !CellProcess.done(cell.folder, cell.steps)).toList());
        try (var _ = new Interrupts(this::stop)) {
            while (step(waiting)) {
                draw(waiting);
                pause();
            }
        }
        console.settle();
    }

    /// @return whether any goes on
    private synchronized boolean step(ArrayDeque<Cell> waiting) {
        for (var one : List.copyOf(active)) {
            if (!one.process.look()) {
                active.remove(one);
                playedSeconds += one.process.seconds();
                playedTurns += one.turns();
                tell(one);
            }
        }
        while (!stopping && active.size() < jobs && !waiting.isEmpty()) {
            var cell = waiting.removeFirst();
            active.add(new Active(cell, CellProcess.start(cell.folder, cell.arguments), CellProcess.turns(cell.folder)));
        }
        return !active.isEmpty();
    }

    private void tell(Active one) {
        console.settle();
        if (one.process.failed() && !stopping) {
            console.error(String.format(Locale.ROOT, "%s has failed at step %,d; it said:%n%s", one.cell.folder, CellProcess.turns(one.cell.folder),
                    one.process.said()));
        } else {
            console.line(String.format(Locale.ROOT, "%s: %,d turns", one.cell.folder.getFileName(), CellProcess.turns(one.cell.folder)));
        }
    }

    private synchronized void draw(ArrayDeque<Cell> waiting) {
        var line = new StringBuilder();
        long left = waiting.stream().mapToLong(cell -> cell.steps - CellProcess.turns(cell.folder)).sum();
        long turns = playedTurns;
        double seconds = playedSeconds;
        for (var one : active) {
            long at = CellProcess.turns(one.cell.folder);
            line.append(String.format(Locale.ROOT, "%s %,d/%,d  ", one.cell.folder.getFileName(), at, one.cell.steps));
            left += one.cell.steps - at;
            turns += one.turns();
            seconds += one.process.seconds();
        }
        int done = cells.size() - waiting.size() - active.size();
        String rest = turns == 0 ? "" : "; " + ProgressLine.duration(left * seconds / turns / Math.max(1, active.size())) + " left";
        console.live(String.format(Locale.ROOT, "%d of %d runs%s  %s", done, cells.size(), rest, line));
    }

    private void pause() {
        try {
            Thread.sleep(lookMillis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /// The process is ending: all save, to be gone on with.
    private synchronized void stop() {
        stopping = true;
        console.settle();
        console.line("stopping; the same line goes on");
        active.forEach(one -> one.process.stop());
        console.drain();
    }
}
