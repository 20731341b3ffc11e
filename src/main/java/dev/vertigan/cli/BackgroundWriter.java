package dev.vertigan.cli;

import java.util.ArrayDeque;

/// Writes on a thread of its own, so that nobody ever waits for whoever reads what is written: a stopped pager, a log collector that hangs.
/// What is read too late is lost: of what waits, only the newest is kept.
final class BackgroundWriter {

    private static final int MOST = 1_000;
    private static final long PATIENCE_MILLIS = 2_000;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private long written; // to see whether anything moves
    private boolean busy;

    BackgroundWriter(String name) {
        Thread.ofPlatform().daemon().name(name).start(this::write);
    }

    /// Has something written after all that was put before; returns at once.
    synchronized void put(Runnable writing) {
        if (waiting.size() == MOST) {
            waiting.removeFirst();
        }
        waiting.addLast(writing);
        notifyAll();
    }

    private void write() {
        try {
            while (true) {
                next().run();
                synchronized (this) {
                    busy = false;
                    written++;
                    notifyAll();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private synchronized Runnable next() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        busy = true;
        return waiting.removeFirst();
    }

    /// Waits until all is written, or nothing has moved for two seconds.
    synchronized void drain() {
        try {
            long seen = written;
            long since = System.nanoTime();
            while (busy || !waiting.isEmpty()) {
                wait(PATIENCE_MILLIS / 10);
                if (written != seen) {
                    seen = written;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > PATIENCE_MILLIS * 1_000_000) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
